// Tries to smuggle header lines through every call that writes a header, and tells what each call
// answered. `/deny` answers by itself, with headers that must not be sent.
import {
  Action,
  HttpFilter,
  LocalResponse,
  RequestHeaders,
  ResponseHeaders,
  registerHttpFilter,
} from "as-proxy-wasm";

const BREAKS: string[] = ["\r\n", "\r", "\n", "\0"];

function bytes(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

/** The statuses of all attempts, joined by commas. */
function attack(headers: RequestHeaders | null, response: ResponseHeaders | null): string {
  const answers: string[] = [];
  for (let i = 0; i < BREAKS.length; i++) {
    const value = "1" + BREAKS[i] + "x-evil: 1";
    const name = "x-bad" + BREAKS[i] + "x-evil";
    if (headers !== null) {
      answers.push(headers.set("x-bad", value).toString());
      answers.push(headers.add("x-bad", value).toString());
      answers.push(headers.setBytes("x-bad", bytes(value)).toString());
      answers.push(headers.addBytes("x-bad", bytes(value)).toString());
      answers.push(headers.set(name, "1").toString());
      answers.push(headers.add(name, "1").toString());
      answers.push(headers.remove(name).toString());
    } else if (response !== null) {
      answers.push(response.set("x-bad", value).toString());
      answers.push(response.add("x-bad", value).toString());
      answers.push(response.setBytes("x-bad", bytes(value)).toString());
      answers.push(response.addBytes("x-bad", bytes(value)).toString());
      answers.push(response.set(name, "1").toString());
      answers.push(response.add(name, "1").toString());
      answers.push(response.remove(name).toString());
    }
  }
  if (headers !== null) answers.push(headers.set("", "1").toString());
  if (response !== null) answers.push(response.set("", "1").toString());
  return answers.join(",");
}

class Injection extends HttpFilter {
  onRequest: string = "";

  override onRequestHeaders(headers: RequestHeaders): Action {
    if (headers.get(":path") == "/deny") {
      return new LocalResponse(403, "denied\r\nx-body: fine\n")
        .header("x-first", "1")
        .header("x-bad", "1\r\nx-evil: 1")
        .header("x-bad\r\nx-evil", "1")
        .header("x-bad", "1\0")
        .header("", "1")
        .header("x-last", "ü")
        .because("denied by test")
        .send();
    }
    this.onRequest = attack(headers, null);
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    const onResponse = attack(null, headers);
    headers.set("x-on-request", this.onRequest);
    headers.set("x-on-response", onResponse);
    return Action.Continue;
  }
}
registerHttpFilter<Injection>("injection");
