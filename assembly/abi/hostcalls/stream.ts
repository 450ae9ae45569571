import { Status, StreamType } from "../enums";

/** Goes on with what a callback stopped. Carried out after the callback returns. */
// @ts-ignore: decorator
@external("env", "proxy_continue_stream")
export declare function proxy_continue_stream(stream: StreamType): Status;

/** Resets an HTTP stream, or closes a connection. Carried out after the callback returns. */
// @ts-ignore: decorator
@external("env", "proxy_close_stream")
export declare function proxy_close_stream(stream: StreamType): Status;
