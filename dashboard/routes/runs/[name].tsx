import CurvePreloads from "../../components/chart/CurvePreloads.tsx";
import RunPage from "../../islands/RunPage.tsx";
import type { Handlers, PageProps } from "../../shared/route.ts";
import type { RunDetail } from "../../shared/types.ts";
import { seriesAddress } from "../../shared/positions.ts";
import { hasSummary } from "../../store/summaries.ts";
import { hasInspection } from "../../store/inspections.ts";

interface Data {
  readonly detail: RunDetail | null;
  readonly hasInspection: boolean;
}

export const handler: Handlers<Data> = {
  async GET({ params, state }) {
    const name = params.name;
    const detail = await state.store.detail(name);
    if (!detail && hasSummary(state.store.root, name)) {
      return new Response(null, { status: 302, headers: { location: seriesAddress(name) } });
    }
    if (!detail) {
      state.title = "No such run";
      return { data: { detail: null, hasInspection: false }, status: 404 };
    }
    state.title = name;
    return { data: { detail, hasInspection: hasInspection(state.store.root, name) } };
  },
};

export default function OneRun({ data: { detail, hasInspection }, params, url }: PageProps<Data>) {
  if (detail) {
    return (
      <>
        <CurvePreloads details={[detail]} />
        <RunPage detail={detail} hasInspection={hasInspection} query={url.search} />
      </>
    );
  }
  return (
    <p>
      There is no run called <code>{params.name}</code>. <a href="/">All runs</a>
    </p>
  );
}
