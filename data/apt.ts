/**
 * Data sets that a Debian package has. `apt-get download` and `dpkg-deb -x` fetch and unpack it
 * into a temporary folder without being root, and without installing anything. apt verifies the
 * package by Debian's signatures.
 */

import { join } from "node:path";
import { host } from "../lib/host/mod.ts";
import { messageOf, WeftError } from "../lib/errors.ts";
import { withScratchFolder } from "./cache.ts";
import { readFolder } from "./folder.ts";
import type { FetchContext, Source } from "./source.ts";
import { complaintIn, runTool } from "./tool.ts";

const PROGRESS_MS = 200;

const OPTIONS = [
  // Run by root, apt downloads as a user of its own, who may not look into our folder.
  "APT::Sandbox::User=root",
  "Acquire::http::Timeout=10",
  "Acquire::https::Timeout=10",
  "Acquire::Retries=1",
  "Acquire::Languages=none",
];

/** What `apt-get` says where the lists of packages are missing, or older than the archive. */
const OUTDATED_LISTS = /Unable to locate package|Can't find a source|no candidate|404 +Not Found/;

/** One download of one package. */
interface PackageDownload {
  readonly sourceName: string;
  readonly packageName: string;
  /** Where the package and apt's own files go. */
  readonly scratch: string;
  readonly context: FetchContext;
}

/**
 * The data set that a package puts into `folder`.
 *
 * @param aptOptions further options of apt, as NAME=VALUE
 */
export function aptSource(packageName: string, folder: string, aptOptions: string[] = []): Source {
  const name = `apt-get download ${packageName}`;
  return {
    name,
    fetchFiles: (context) =>
      withScratchFolder(context.cacheDir, async (scratch) => {
        const { signal } = context;
        const download = { sourceName: name, packageName, scratch, context };
        const archive = await downloadPackage(download, [...OPTIONS, ...aptOptions]);
        const unpacked = join(scratch, "unpacked");
        await runTool("dpkg-deb", ["-x", archive, unpacked], { signal });
        return await readFolder(join(unpacked, folder), signal);
      }),
  };
}

/**
 * Downloads the package, with lists of packages of our own where the system's do not lead to it;
 * returns its path.
 */
async function downloadPackage(download: PackageDownload, options: string[]): Promise<string> {
  try {
    return await downloadWithLists(download, options);
  } catch (error) {
    if (!OUTDATED_LISTS.test(messageOf(error))) throw error;
  }
  // Only root may update the system's lists; these are in our folder.
  const { scratch, context: { signal } } = download;
  const lists = join(scratch, "lists");
  const cache = join(scratch, "apt-cache");
  for (const folder of [lists, cache]) {
    await host.mkdir(join(folder, "partial"), { recursive: true });
  }
  const privateOptions = [...options, `Dir::State::Lists=${lists}`, `Dir::Cache=${cache}`];
  // An update with an archive that cannot be reached succeeds, with a warning.
  const update = await runTool("apt-get", ["update", ...asArguments(privateOptions)], { signal });
  try {
    return await downloadWithLists(download, privateOptions);
  } catch (error) {
    signal?.throwIfAborted();
    const warning = complaintIn(update.stderr, "W");
    throw new WeftError(messageOf(error) + (warning ? `, after apt-get update: ${warning}` : ""));
  }
}

async function downloadWithLists(download: PackageDownload, options: string[]): Promise<string> {
  const { sourceName, packageName, scratch, context: { onProgress, signal } } = download;
  const args = ["download", packageName, ...asArguments(options)];
  const plan = await runTool("apt-get", ["--print-uris", ...args], { cwd: scratch, signal });
  // 'URL' FILE BYTES CHECKSUM
  const [, file, size] = plan.stdout.match(/^'[^']*' (\S+) (\d+)/m) ?? [];
  if (!file) {
    throw new WeftError(`apt-get does not say where ${packageName} is: ${plan.stdout.trim()}`);
  }
  const path = join(scratch, file);
  const report = () =>
    onProgress({ source: sourceName, file, receivedBytes: sizeOf(path), totalBytes: Number(size) });
  const timer = setInterval(report, PROGRESS_MS);
  try {
    await runTool("apt-get", args, { cwd: scratch, signal });
  } finally {
    clearInterval(timer);
  }
  report();
  return path;
}

function sizeOf(path: string): number {
  try {
    return host.statSync(path).size;
  } catch {
    return 0; // apt has not created it yet.
  }
}

function asArguments(options: string[]): string[] {
  return options.flatMap((option) => ["-o", option]);
}
