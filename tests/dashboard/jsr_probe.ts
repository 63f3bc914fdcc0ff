/** Ends well where JSR answers within two seconds: `deno run --allow-net=jsr.io tests/dashboard/jsr_probe.ts`. */

const { ok } = await fetch("https://jsr.io/@fresh/core/meta.json", {
  signal: AbortSignal.timeout(2000),
}).catch(() => ({ ok: false }));
Deno.exit(ok ? 0 : 1);
