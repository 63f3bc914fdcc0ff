import assert from "node:assert/strict";
import fc from "fast-check";
import { temporaryFolder } from "../../../tests/support/temp_folder.ts";
import { parseRunLog } from "./reader.ts";
import { sampleEnd, sampleEpoch, sampleResume, sampleRun } from "../../../tests/samples/records.ts";
import type { LogRecord } from "./records.ts";
import { RunLogWriter } from "./writer.ts";

/** The log that `records` make, read after each record as a reader of a running log would. */
function writeAndRead(records: readonly LogRecord[]): ReturnType<typeof parseRunLog> {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/log.jsonl`;
    using writer = RunLogWriter.create(path);
    records.forEach((record, index) => {
      writer.write(record);
      const lines = Deno.readTextFileSync(path).split("\n");
      assert.equal(lines.length, index + 2, "every record is a line that is there at once");
      assert.equal(lines.at(-1), "", "and it ends with a line feed");
    });
    return parseRunLog(Deno.readFileSync(path));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("what is written is what is read", () => {
  const log = writeAndRead([sampleRun, sampleEpoch(1), sampleEpoch(2), sampleEnd]);
  assert.deepEqual(log, {
    run: sampleRun,
    epochs: [sampleEpoch(1), sampleEpoch(2)],
    fallbacks: [],
    resumes: [],
    end: sampleEnd,
    problems: [],
  });
});

Deno.test("any text and any finite number survive; what is not finite becomes null", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.double(), (text, loss) => {
      const well = text.toWellFormed(); // UTF-8 has no lone surrogates.
      const log = writeAndRead([
        { ...sampleRun, name: well, config: { note: well } },
        { ...sampleEpoch(1), trainLoss: loss },
      ]);
      assert.deepEqual(log.problems, []);
      assert.equal(log.run?.name, well);
      assert.deepEqual(log.run.config, { note: well });
      // JSON has no negative zero.
      assert.equal(log.epochs[0].trainLoss, Number.isFinite(loss) ? loss + 0 : null);
    }),
    { numRuns: 20 },
  );
});

Deno.test("a log that exists is not touched", () => {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(path, "precious");
    assert.throws(() => RunLogWriter.create(path), {
      name: "WeftError",
      message:
        `Cannot start the run log ${path}: a file of that name, or a symbolic link that leads nowhere, is there already (EEXIST).`,
    });
    assert.equal(Deno.readTextFileSync(path), "precious");
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("a log continues after its last whole line, and in one process at a time", () => {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(path, `${JSON.stringify(sampleRun)}\n{"type":"epo`);
    using writer = RunLogWriter.resume(path);
    writer.write(sampleResume);
    const { run, resumes, problems } = parseRunLog(Deno.readFileSync(path));
    assert.deepEqual([run, resumes, problems], [sampleRun, [sampleResume], []]);
    if (Deno.build.os !== "windows") {
      assert.throws(() => RunLogWriter.resume(path), {
        name: "UsageError",
        message: /another proc/,
      });
    }
    writer.close();
    RunLogWriter.resume(path).close();
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("a last line that lacks only its line feed stays, and nothing changes before a record is written", () => {
  const path = Deno.makeTempFileSync();
  try {
    for (const tail of ["", '{"type":"epo']) {
      const text = `${JSON.stringify(sampleRun)}\n${JSON.stringify(sampleEpoch(1))}` +
        (tail && `\n${tail}`);
      Deno.writeTextFileSync(path, text);
      using writer = RunLogWriter.resume(path);
      assert.equal(Deno.readTextFileSync(path), text);
      writer.write(sampleResume);
      writer.write(sampleEpoch(2));
      const { epochs, resumes, problems } = parseRunLog(Deno.readFileSync(path));
      assert.deepEqual(problems, []);
      assert.deepEqual([epochs, resumes], [[sampleEpoch(1), sampleEpoch(2)], [sampleResume]]);
    }
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("a full disk is said in one line, and the half line it left is taken back", () => {
  const path = Deno.makeTempFileSync();
  try {
    const file = Deno.openSync(path, { append: true });
    const writer = new RunLogWriter(path, file);
    writer.write(sampleRun);
    const writeWhole = file.writeSync.bind(file);
    // A disk that fills up takes a part of what it is given, and refuses the rest.
    file.writeSync = (bytes) => {
      file.writeSync = () => {
        throw Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
      };
      return writeWhole(bytes.subarray(0, 10));
    };
    assert.throws(() => writer.write(sampleEpoch(1)), {
      name: "WeftError",
      message: `Cannot write to the run log ${path}: ` +
        "the disk is full; free some space or choose another folder (ENOSPC).",
    });
    file.writeSync = writeWhole;
    writer.write(sampleEnd);
    writer.close();
    writer.close();
    assert.deepEqual(parseRunLog(Deno.readFileSync(path)), {
      run: sampleRun,
      epochs: [],
      fallbacks: [],
      resumes: [],
      end: sampleEnd,
      problems: [],
    });
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("a log that is too long to be read as a whole does not continue", async () => {
  await using temporary = await temporaryFolder();
  const path = `${temporary.path}/log.jsonl`;
  RunLogWriter.create(path).close();
  // A file with a hole takes no room.
  await Deno.truncate(path, 2 ** 30 + 1);
  assert.throws(
    () => RunLogWriter.resume(path),
    /^WeftError: Cannot resume the run log .*: it has 1073741825 bytes, and at most 1073741824/,
  );
});
