// docs/abi.md, made from what there is: a row for each host call, callback, enum value, property and
// foreign function. What has no entry, and entries of nothing, are errors.
import { CALLBACKS, HOST_FUNCTIONS, LIFECYCLE } from "../../../sdk/inspect/envoy-abi.ts";
import * as proofs from "./proofs.ts";
import * as rows from "./rows.ts";
import type { Entry } from "./rows.ts";
import { askedFunctions, askedProperties, enumValues } from "./sources.ts";

/** A row of the table. */
export interface Row extends Entry {
  /** What the ABI calls it. */
  readonly name: string;
}

/** A table with its heading. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Joins what there is with what is said of it. */
function join(
  what: string,
  names: Iterable<string>,
  said: Readonly<Record<string, Entry>>,
): readonly Row[] {
  const there = new Set(names);
  const stray = Object.keys(said).filter((name) => !there.has(name));
  if (stray.length > 0) throw new Error(`${what} that do not exist: ${stray.join(", ")}`);
  return Array.from(there, (name) => {
    const entry = said[name];
    if (entry === undefined) throw new Error(`${what}: nothing is said of ${name}`);
    return { name, ...entry };
  });
}

const CURRENT = "0.2.1";

function hostCalls(): Section[] {
  const names = (wasi: boolean): string[] =>
    HOST_FUNCTIONS.filter(
      ({ module, versions }) =>
        versions.includes(CURRENT) && module === (wasi ? "wasi_snapshot_preview1" : "env"),
    ).map(({ name }) => name);
  const unused = { sdk: "-", proof: proofs.WASI };
  const links = { sdk: "- does nothing: Envoy returns from it", proof: proofs.LINKS };
  const wasi = Object.fromEntries(
    names(true).map((name) => [
      name,
      rows.HOST_CALLS[name] ?? (name === "proc_exit" ? links : unused),
    ]),
  );
  const own = Object.fromEntries(
    Object.entries(rows.HOST_CALLS).filter(([name]) => !(name in wasi)),
  );
  const old = HOST_FUNCTIONS.filter(({ versions }) => !versions.includes(CURRENT));
  const early = Object.fromEntries(
    Object.entries(rows.HOST_CALLS_0_1_0).map(([name, sdk]) => [
      name,
      { sdk: `- Envoy refuses the module; ${sdk}`, proof: proofs.MISFITS },
    ]),
  );
  return [
    { title: "Host calls", rows: join("host calls", names(false), own) },
    { title: "WASI", rows: join("functions of WASI", names(true), wasi) },
    {
      title: "Host calls of ABI 0.1.0 alone",
      rows: join(
        "host calls of 0.1.0",
        old.map(({ name }) => name),
        early,
      ),
    },
  ];
}

function callbacks(): Section {
  const names = [...LIFECYCLE, ...CALLBACKS]
    .filter(({ versions }) => versions.includes(CURRENT))
    .map(({ name }) => name);
  return { title: "Callbacks", rows: join("callbacks", names, rows.CALLBACKS) };
}

function enums(): Section {
  const values = enumValues().filter(({ of }) => !rows.NOT_OF_THE_ABI.has(of));
  const said = Object.fromEntries(
    Object.entries(rows.ENUMS).flatMap(([of, members]) =>
      Object.entries(members).map(([name, proof]) => [`${of}.${name}`, { sdk: "", proof }]),
    ),
  );
  const joined = join(
    "values of enums",
    values.map(({ of, name }) => `${of}.${name}`),
    said,
  );
  return {
    title: "Values",
    rows: joined.map(({ name, proof }, index) => ({
      name: String(values[index]?.value),
      sdk: `\`${name}\``,
      proof,
    })),
  };
}

function properties(): Section {
  const made = askedProperties().map(({ text, file, by }) => {
    const path = file === "index" ? by : `${file}.${by}`;
    const sdk = `\`properties.${path}\``;
    if (rows.ABSENT_PROPERTIES.has(text))
      return {
        name: text,
        sdk: `${sdk}: \`null\` in all that is tested`,
        proof: proofs.PROPERTIES,
      };
    return {
      name: text,
      sdk,
      proof: rows.TLS_PROPERTIES.test(text) ? proofs.MTLS : proofs.PROPERTIES,
    };
  });
  return { title: "Properties", rows: made };
}

function foreign(): Section {
  const names = askedFunctions().map(({ text }) => text);
  return {
    title: "Foreign functions",
    rows: join("foreign functions", names, rows.FOREIGN_FUNCTIONS),
  };
}

/** All of it. Fails where something has no entry, and where an entry is of nothing. */
export function sections(): readonly Section[] {
  return [...hostCalls(), callbacks(), enums(), properties(), foreign()];
}

const HEAD = `# The ABI, name by name

Made by \`node scripts/abi-table.mjs\`. Each row has the SDK's name for a thing of Proxy-Wasm's ABI 0.2.1 or of Envoy's own,
and the test that has a real Envoy show it; all of them run on Envoy 1.40.0 and on 1.36.4. A dash stands where the SDK has no
name, with why. In which order callbacks come is in [life-of-a-request.md](life-of-a-request.md).

What older Envoys do otherwise, as the tests say:

- Before 1.37 \`foreign.sign\` is not there, and \`foreign.verifySignature\` takes no key in PEM.
- Before 1.37 \`request.headers_bytes\` and \`response.headers_bytes\` are absent.
- Before 1.39 \`peer_certificate\` of \`connection\` and \`upstream\` is absent.
- Before 1.39 18 functions of WASI are there, and a module that imports another one is refused.
- Before 1.39 the message of a callout that could not connect says why at length.
`;

function line({ name, sdk, proof }: Row): string {
  const [file = "", ...test] = proof.split(": ");
  return `| \`${name}\` | ${sdk} | [${file}](../conformance/${file}): ${test.join(": ")} |`;
}

/** The document, before it is formatted. */
export function document(): string {
  const tables = sections().map(({ title, rows }) =>
    [`## ${title}`, "", "| ABI | SDK | proof |", "| - | - | - |", ...rows.map(line)].join("\n"),
  );
  return [HEAD, ...tables].join("\n\n") + "\n";
}
