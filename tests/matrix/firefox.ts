/** Debian's Firefox, without a window. Playwright drives only a Firefox of its own, so this one just opens an address. */

import { temporaryFolder } from "../support/temp_folder.ts";

const FIREFOX = "/usr/bin/firefox-esr";

/** Why there is none here; null where there is. */
export const NO_FIREFOX: string | null = await Deno.stat(FIREFOX).then(
  () => null,
  () => "no Firefox",
);

/** No questions, no traffic of its own. */
const PREFERENCES = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9",
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

/** Opens a page until `done` resolves. */
export async function openInFirefox<T>(address: string, done: Promise<T>): Promise<T> {
  await using folder = await temporaryFolder();
  const preferences = Object.entries(PREFERENCES)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await Deno.writeTextFile(`${folder.path}/user.js`, preferences.join("\n"));
  const process = new Deno.Command(FIREFOX, {
    args: ["--headless", "--no-remote", "--profile", folder.path, address],
    env: { HOME: folder.path, MOZ_CRASHREPORTER_DISABLE: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const ended = process.status.then(({ code }) => {
    throw new Error(`Firefox ended with exit code ${code} before the page answered`);
  });
  try {
    return await Promise.race([done, ended]);
  } finally {
    ended.catch(() => {});
    try {
      process.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await process.status;
  }
}
