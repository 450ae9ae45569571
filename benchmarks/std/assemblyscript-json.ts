// The loops of ours.ts with assemblyscript-json. What it writes is no JSON where a string has a line
// break, so that only reading is compared.
import { JSON } from "assemblyscript-json/assembly";

let input: ArrayBuffer = new ArrayBuffer(0);

export function setInput(bytes: ArrayBuffer): void {
  input = bytes;
}

function lengthOf(object: JSON.Obj, name: string): i32 {
  const value = object.getString(name);
  return value === null ? 0 : value.valueOf().length;
}

export function jsonRead(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const config = JSON.parse(String.UTF8.decode(input)) as JSON.Obj;
    sum += lengthOf(config, "header") + lengthOf(config, "realm");
    const keys = config.getArr("keys")!.valueOf();
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k] as JSON.Obj;
      sum += lengthOf(key, "id") + lengthOf(key, "secret");
      sum += (key.getInteger("limit")!.valueOf() as i32) + i32(key.getBool("enabled")!.valueOf());
    }
  }
  return sum;
}
