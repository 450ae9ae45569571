import { MapType, Status } from "../enums";

/** Looks up the first value of a header; the host allocates the result through `malloc`. */
// @ts-ignore: decorator
@external("env", "proxy_get_header_map_value")
export declare function proxy_get_header_map_value(
  map: MapType,
  name: usize,
  nameSize: usize,
  outData: usize,
  outSize: usize,
): Status;

/** Reads the whole map in the format of `../pairs`; an absent map is Ok and empty. */
// @ts-ignore: decorator
@external("env", "proxy_get_header_map_pairs")
export declare function proxy_get_header_map_pairs(
  map: MapType,
  outData: usize,
  outSize: usize,
): Status;

/** Adds a value beside those that are there. */
// @ts-ignore: decorator
@external("env", "proxy_add_header_map_value")
export declare function proxy_add_header_map_value(
  map: MapType,
  name: usize,
  nameSize: usize,
  value: usize,
  valueSize: usize,
): Status;

/** Sets the only value: adds the header when it is absent. */
// @ts-ignore: decorator
@external("env", "proxy_replace_header_map_value")
export declare function proxy_replace_header_map_value(
  map: MapType,
  name: usize,
  nameSize: usize,
  value: usize,
  valueSize: usize,
): Status;

/** Removes every value; Ok also when there was none. */
// @ts-ignore: decorator
@external("env", "proxy_remove_header_map_value")
export declare function proxy_remove_header_map_value(
  map: MapType,
  name: usize,
  nameSize: usize,
): Status;

/** Replaces the whole map. Envoy takes a buffer that it cannot read for an empty map. */
// @ts-ignore: decorator
@external("env", "proxy_set_header_map_pairs")
export declare function proxy_set_header_map_pairs(
  map: MapType,
  pairs: usize,
  pairsSize: usize,
): Status;

/** Stores the size of all names and values in bytes (u32). */
// @ts-ignore: decorator
@external("env", "proxy_get_header_map_size")
export declare function proxy_get_header_map_size(map: MapType, outSize: usize): Status;
