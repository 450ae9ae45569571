// The loops of ours.ts with assemblyscript-regex.
import { RegExp } from "assemblyscript-regex/assembly";

const ROUTE: string = "^/api/v([0-9]+)/([a-z]+)/(\\w+)$";
const HOST: string = "[a-z]+-[0-9]+\\.example";

let text: string = "";
let route: RegExp = new RegExp("a");
let host: RegExp = new RegExp("a");

export function setInput(bytes: ArrayBuffer): void {
  text = String.UTF8.decode(bytes);
  route = new RegExp(ROUTE);
  host = new RegExp(HOST);
}

export function regexFind(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const match = route.exec(text);
    if (match === null) continue;
    for (let group = 1; group <= 3; group++) sum += match.matches[group].length;
  }
  return sum;
}

export function regexSearch(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += i32(host.test(text));
  return sum;
}
