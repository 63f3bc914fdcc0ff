import CurvePreloads from "../../components/chart/CurvePreloads.tsx";
import RunPage from "../../islands/RunPage.tsx";
import type { Handlers, PageProps } from "../../shared/route.ts";
import type { RunDetail } from "../../shared/types.ts";
import { seriesAddress } from "../../shared/positions.ts";
import { hasSummary } from "../../store/summaries.ts";
import { hasModel } from "../../store/models.ts";
import { hasInspection } from "../../store/inspections.ts";

interface Data {
  readonly detail: RunDetail | null;
  readonly hasInspection: boolean;
  readonly hasModel: boolean;
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
      return { data: { detail: null, hasInspection: false, hasModel: false }, status: 404 };
    }
    state.title = name;
    const { root } = state.store;
    return {
      data: { detail, hasInspection: hasInspection(root, name), hasModel: hasModel(root, name) },
    };
  },
};

export default function OneRun({ data, params, url }: PageProps<Data>) {
  const { detail, hasInspection, hasModel } = data;
  if (detail) {
    return (
      <>
        <CurvePreloads details={[detail]} />
        <RunPage {...{ detail, hasInspection, hasModel }} query={url.search} />
      </>
    );
  }
  return (
    <p>
      There is no run called <code>{params.name}</code>. <a href="/">All runs</a>
    </p>
  );
}
