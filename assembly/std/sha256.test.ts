// Examples of FIPS 180-4 (published with it by NIST) and of the validation system's files.
import { describeHash } from "../testing/hash-suite.ts";

describeHash({
  algorithm: "sha256",
  examples: [
    {
      name: "no bytes",
      message: "",
      digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
    {
      name: '"abc"',
      message: "abc",
      digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    },
    {
      name: "a message of 448 bits",
      message: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    },
    {
      name: "a million times a",
      message: "a".repeat(1_000_000),
      digest: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    },
  ],
  monteCarlo: {
    seed: "6d1e72ad03ddeb5de891e572e2396f8da015d899ef0e79503152d6010a3fe691",
    first: "e93c330ae5447738c8aa85d71a6c80f2a58381d05872d26bdd39f1fcd4f2b788",
    last: "6a912ba4188391a78e6f13d88ed2d14e13afce9db6f7dcbf4a48c24f3db02778",
  },
});
