import Layout from "../components/ui/Layout.tsx";
import type { AppProps } from "../shared/route.ts";

export default function App({ Component, url, state }: AppProps) {
  const title = state.title ?? "Weft";
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === "Weft" ? title : `${title} - Weft`}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/styles.css" />
      </head>
      <body>
        <Layout title={title} path={url.pathname}>
          <Component />
        </Layout>
      </body>
    </html>
  );
}
