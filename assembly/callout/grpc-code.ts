/** The result of a gRPC call, as the gRPC specification numbers them. */
export const enum GrpcCode {
  /** It worked. */
  Ok = 0,
  /** The caller gave it up. */
  Cancelled = 1,
  /** The service failed in a way that no other code tells, or spoke no gRPC. */
  Unknown = 2,
  /** What was asked for makes no sense, whatever state the service is in. */
  InvalidArgument = 3,
  /** The time ran out. */
  DeadlineExceeded = 4,
  /** What was asked for is not there. */
  NotFound = 5,
  /** What was to be made is there already. */
  AlreadyExists = 6,
  /** The caller is known, and may not. */
  PermissionDenied = 7,
  /** A quota or a limit is reached. */
  ResourceExhausted = 8,
  /** The service is in no state for it: asking again does not help. */
  FailedPrecondition = 9,
  /** Someone else was faster: begin again. */
  Aborted = 10,
  /** Behind the end of what there is. */
  OutOfRange = 11,
  /** The service has no such method. */
  Unimplemented = 12,
  /** The service is broken, or its answer was no gRPC. */
  Internal = 13,
  /** The service cannot be reached now: ask again later. */
  Unavailable = 14,
  /** Data are lost or damaged. */
  DataLoss = 15,
  /** The caller is not known. */
  Unauthenticated = 16,
}
