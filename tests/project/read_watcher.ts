/** Loaded before main.ts: says of every file that is read what the process may do at that moment. */

const tell = (path: string | URL) => {
  const states = (["run", "net", "ffi"] as const).map((name) => {
    const { state } = Deno.permissions.querySync({ name });
    return `${name} ${state === "prompt" ? "denied" : state}`;
  });
  console.error(`read ${path}: ${states.join(", ")}`);
};

for (
  const name of [
    "open",
    "openSync",
    "readFile",
    "readFileSync",
    "readTextFile",
    "readTextFileSync",
  ] as const
) {
  const original = Deno[name] as (path: string | URL, ...rest: unknown[]) => unknown;
  Object.defineProperty(Deno, name, {
    value: (path: string | URL, ...rest: unknown[]) => {
      tell(path);
      return original(path, ...rest);
    },
  });
}
