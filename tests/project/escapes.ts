/**
 * What hostile code would try in a process of Weft, run under a task's permissions by permission_sets_test.ts: prints what
 * it could do as a JSON list, each by its name. Its first argument is a port of this machine at which a server listens,
 * its second a file that may not be written.
 */

const [port, forbidden] = Deno.args;

const run = (command: string, ...args: string[]) => () =>
  new Deno.Command(command, { args }).output();

const ATTEMPTS: Record<string, () => unknown> = {
  // apt-get starts what its options say, before it looks at anything else.
  "run apt-get": run("apt-get", "-o", "APT::Update::Pre-Invoke::=false", "update"),
  "run /usr/bin/apt-get": run("/usr/bin/apt-get", "--version"),
  "run dpkg-deb": run("dpkg-deb", "--version"),
  "run /usr/bin/dpkg-deb": run("/usr/bin/dpkg-deb", "--version"),
  "run ls": run("ls"),
  "run sh": run("sh", "-c", "exit 0"),
  "run deno": run("deno", "--version"),
  "run deno by its path": run(Deno.execPath(), "--version"),
  "run node": run("node", "--version"),
  "connect to this machine": () => Deno.connect({ hostname: "127.0.0.1", port: Number(port) }),
  "listen": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
  "listen to all": () => Deno.listen({ hostname: "0.0.0.0", port: 0 }).close(),
  "fetch from this machine": () => fetch(`http://127.0.0.1:${port}/`),
  "resolve a name": () => Deno.resolveDns("example.org", "A"),
  "fetch the authors' data": () => mayNet("fashion-mnist.s3.eu-central-1.amazonaws.com:443"),
  "use the authors' addresses unencrypted": () => mayNet("raw.githubusercontent.com:80"),
  "write elsewhere": () => Deno.writeTextFile(forbidden, "x"),
  "write sources": () => may({ name: "write", path: new URL("../../main.ts", import.meta.url) }),
  "write the configuration": () =>
    may({ name: "write", path: new URL("../../deno.json", import.meta.url) }),
  "write kernels": () =>
    may({ name: "write", path: new URL("../../assembly/build/strict.js", import.meta.url) }),
  "write the cache of data": () =>
    may({ name: "write", path: new URL("../../data/cache/x", import.meta.url) }),
  "write runs": () => may({ name: "write", path: new URL("../../runs/x", import.meta.url) }),
  "write dist": () => may({ name: "write", path: new URL("../../dist/x", import.meta.url) }),
  "read every file": () => Deno.readTextFile("/etc/passwd"),
  "read a variable": () => Deno.env.get("WEFT_TEST_SECRET"),
  "change PATH": () => Deno.env.set("PATH", "/"),
  "preload a library": () => Deno.env.set("LD_PRELOAD", forbidden),
  "load a library": () => Deno.dlopen(forbidden, {}),
  "know the machine's name": () => Deno.hostname(),
  "give a worker more than it has": () =>
    new Worker("data:text/javascript,", {
      type: "module",
      // @ts-ignore Deno's own option
      deno: { permissions: { run: true, net: true, write: true } },
    }).terminate(),
};

/** @throws where it is not granted */
function may(descriptor: Deno.PermissionDescriptor): void {
  if (Deno.permissions.querySync(descriptor).state !== "granted") throw new Error("not granted");
}

/** Not by a request, for there may be no network. */
function mayNet(host: string): void {
  may({ name: "net", host });
}

const done: string[] = [];
for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  try {
    await attempt();
    done.push(name);
  } catch (error) {
    // A program that is not here, or a library that is none, has been looked for all the same.
    const refused = error instanceof Deno.errors.NotCapable ||
      error instanceof Error && /permission|not granted/i.test(error.message);
    if (!refused) done.push(`${name} (${error})`);
  }
}
console.log(JSON.stringify(done));
Deno.exit();
