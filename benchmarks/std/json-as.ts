// The loops of ours.ts with json-as, whose types are known when it is compiled.
import { JSON } from "json-as";

@json
class Key {
  id: string = "";
  secret: string = "";
  limit: i64 = 0;
  enabled: bool = false;
}

@json
class Config {
  header: string = "";
  realm: string = "";
  keys: Key[] = [];
}

let input: ArrayBuffer = new ArrayBuffer(0);

export function setInput(bytes: ArrayBuffer): void {
  input = bytes;
}

export function jsonRead(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const config = JSON.parse<Config>(String.UTF8.decode(input));
    sum += config.header.length + config.realm.length;
    for (let k = 0; k < config.keys.length; k++) {
      const key = config.keys[k];
      sum += key.id.length + key.secret.length + (key.limit as i32) + i32(key.enabled);
    }
  }
  return sum;
}

export function jsonWrite(count: i32): i32 {
  const config = JSON.parse<Config>(String.UTF8.decode(input));
  let sum = 0;
  for (let i = 0; i < count; i++) sum += String.UTF8.encode(JSON.stringify(config)).byteLength;
  return sum;
}
