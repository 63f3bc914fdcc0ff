import type { ErrorProps } from "../shared/route.ts";

/** Says what went wrong, and nothing of the server's insides. */
export default function ErrorPage({ error, url, state }: ErrorProps) {
  if ((error as { status?: unknown } | null)?.status === 404) {
    state.title = "Not found";
    return (
      <p>
        There is no page <code>{url.pathname}</code>. <a href="/">All runs</a>
      </p>
    );
  }
  state.title = "Something went wrong";
  return (
    <p>
      This page could not be made; the terminal in which the dashboard runs says why.{" "}
      <a href="/">All runs</a>
    </p>
  );
}
