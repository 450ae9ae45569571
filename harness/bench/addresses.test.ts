import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { ExitCode } from "../../sdk/errors.ts";
import { argumentsOf, TestIo } from "../testing/command.ts";
import type { AddressReport } from "./address-report.ts";
import { benchCommand } from "./cli.ts";
import { listenLocally } from "../traffic/listen.ts";

/** A server that takes so long for each answer, and says what paths and hosts it was asked for. */
async function serve(t: TestContext, milliseconds: number) {
  const asked = new Set<string>();
  const server: Server = createServer((request, response) => {
    asked.add(`${request.method ?? ""} ${request.headers.host ?? ""} ${request.url ?? ""}`);
    if (milliseconds === 0) response.end("ok");
    else setTimeout(() => response.end("ok"), milliseconds);
  });
  await listenLocally(server);
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  t.after(stop);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked, stop };
}

function bench(io: TestIo, ...argv: string[]): Promise<number> {
  return benchCommand.run(argumentsOf(benchCommand, argv), io);
}

test("two addresses are compared with a verdict, and the report has what was measured", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bench-addresses-"));
  t.after(() => rm(folder, { recursive: true }));
  const [fast, slow] = [await serve(t, 0), await serve(t, 5)];
  const [json, markdown] = [join(folder, "report.json"), join(folder, "report.md")];
  const io = new TestIo();
  const urls = ["--baseline-url", `${fast.url}/a?b=1`, "--candidate-url", `${slow.url}/a`];
  const more = ["--rounds", "6", "--starts", "6", "--rate", "100", "--json", json];
  const html = join(folder, "report.html");
  const files = ["--markdown", markdown, "--html", html];
  assert.equal(await bench(io, ...urls, ...more, ...files), ExitCode.Ok);

  const report = JSON.parse(await readFile(json, "utf8")) as AddressReport;
  assert.equal(report.kind, "addresses");
  assert.equal(report.baselineUrl, `${fast.url}/a`, "the query may be secret");
  assert.deepEqual([report.method.starts, report.method.blocks], [6, "starts"]);
  assert.deepEqual(report.method.rates, [100]);
  // A timer of 5 ms takes longer than none, on any machine.
  assert.equal(report.verdict.outcome, "more");
  assert.ok((report.candidate.added.timeNs.value ?? 0) > 3e6);
  assert.equal(report.candidate.added.headersTimeNs.value, null);
  assert.equal(report.candidate.rates[0]?.requests, 90);
  assert.match(io.stdout, /^verdict: candidate adds \d+\.\d\d us \[/m);
  assert.match(await readFile(markdown, "utf8"), /^\| one by one, p50 \| \d/m);
  const page = await readFile(html, "utf8");
  const flags = report.method.flags.join(" ");
  assert.ok(flags.startsWith(`--baseline-url ${fast.url}/a?... --candidate-url`), flags);
  assert.match(page, /^<!doctype html>/);
  assert.doesNotMatch(page, /NaN|undefined|b=1|without a filter|Envoy was/);
  assert.deepEqual([...fast.asked], [`GET 127.0.0.1:${fast.port} /a?b=1`]);
});

test("an address that does not answer is named, and so is a flag that makes no sense", async (t) => {
  const { url } = await serve(t, 0);
  const gone = createServer();
  await listenLocally(gone);
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const io = new TestIo();
  const to = (candidate: string): string[] => ["--baseline-url", url, "--candidate-url", candidate];
  await assert.rejects(bench(io, ...to(`http://127.0.0.1:${port}`)), {
    code: "ERR_UNREACHABLE",
    exitCode: ExitCode.Environment,
    message: /^http:\/\/127\.0\.0\.1:\d+\/ broke its connection/,
  });
  const refused: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["--baseline-url", url], /go together/],
    [to("ftp://x"), /^--candidate-url wants http:/],
    [to("nonsense"), /^--candidate-url wants http:/],
    [to("http://user:pass@x/"), /^--candidate-url wants a URL without a user/],
    [["noop", ...to(url)], /^noop does not go with --baseline-url/],
    [[...to(url), "--tls"], /^--tls does not go with/],
  ];
  for (const [argv, message] of refused) {
    await assert.rejects(bench(io, ...argv), { code: "ERR_USAGE", message }, argv.join(" "));
  }
});

test("an address that goes away meanwhile keeps what was measured, and is named", async (t) => {
  const [stays, goes] = [await serve(t, 0), await serve(t, 0)];
  const io = new TestIo();
  void io.until(/connections 2 of 50/).then(goes.stop);
  const argv = ["--baseline-url", stays.url, "--candidate-url", goes.url, "--rounds", "50"];
  await assert.rejects(bench(io, ...argv, "--starts", "50", "--json", "-"), {
    code: "ERR_UNREACHABLE",
  });
  const report = JSON.parse(io.stdout) as AddressReport;
  assert.match(report.endedEarly ?? "", /of 50 sets of connections were measured: http/);
});

test("Ctrl-C keeps the sets of connections before, and ends with 130", async (t) => {
  const { url } = await serve(t, 0);
  const io = new TestIo();
  void io.until(/connections 2 of 50/).then(() => {
    io.interrupt();
  });
  const argv = ["--baseline-url", url, "--candidate-url", url, "--rounds", "50", "--starts", "50"];
  assert.equal(await bench(io, ...argv, "--json", "-"), ExitCode.Interrupted);
  const report = JSON.parse(io.stdout) as AddressReport;
  assert.match(
    report.endedEarly ?? "",
    /of 50 sets of connections were measured: it was interrupted/,
  );
});
