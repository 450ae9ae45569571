// What shows a request before and after the filter: a few lines of Lua on either side of it in
// Envoy's own chain, which see exactly the headers and body that the filter is given and lets go.
// They report in Envoy's log, one line a step:
//
//   tap <id> <step> <microseconds> <value> ...
//
// `step` is a letter (q request, p response) and a digit (0 the client's side of the filter, 1 the
// upstream's); for headers the values are name=value, for a body's end (`b` before the letter) its
// bytes, and for a response on the client's side `t<milliseconds>` comes first.
// Every byte but printable ASCII is percent-coded, and so is what Envoy's log or this form would
// write otherwise: quotes, brackets, backslash, `%` and `=`. A name that is empty counts the headers
// that are left out.
//
// At most EXCHANGES_PER_SECOND requests are reported: under load the others pass with a look at the
// clock. They carry no id in their dynamic metadata, by which the steps of one request find each
// other without a header that the filter would see.

/** The most requests a second that are reported by each of Envoy's workers. */
export const EXCHANGES_PER_SECOND = 20;

/** A report line stays below 64 KiB, which is how much of a line of Envoy's log is read. */
const MOST_HEADERS = 200;
const MOST_VALUE_BYTES = 1024;
const MOST_LINE_BYTES = 51_200;

/** Before each tap's text in Envoy's log, as component `lua`. */
export const TAP_PREFIX = "script log: tap ";

/**
 * Setting the time in the metadata takes some microseconds itself, of which the second setting
 * shows how many: `c` is what is to be taken off again.
 */
const COMMON = `
local NAMESPACE = "as_proxy_wasm.dev"

local function micros(handle)
  return tonumber(handle:timestampString(EnvoyTimestampResolution.MICROSECOND))
end

local function code(text)
  if #text > ${MOST_VALUE_BYTES} then text = text:sub(1, ${MOST_VALUE_BYTES}) .. "..." end
  return (text:gsub("[^!#$&(-<>-Z^-~]", function(char) return string.format("%%%02X", char:byte()) end))
end

local function headers(handle)
  local parts, more, size = {}, 0, 0
  for name, value in pairs(handle:headers()) do
    if #parts < ${MOST_HEADERS} and size < ${MOST_LINE_BYTES} then
      local part = code(name) .. "=" .. code(value)
      size = size + #part
      parts[#parts + 1] = part
    else
      more = more + 1
    end
  end
  if more > 0 then parts[#parts + 1] = "=" .. more end
  return table.concat(parts, " ")
end

local function report(handle, id, step, values)
  handle:logInfo("tap " .. id .. " " .. step .. " " .. values)
end

local function body(handle, id, step)
  local size = 0
  for chunk in handle:bodyChunks() do size = size + chunk:length() end
  report(handle, id, "b" .. step, tostring(size))
end

local function mark(handle, metadata, key)
  local first = micros(handle)
  metadata:set(NAMESPACE, key, first)
  local second = micros(handle)
  metadata:set(NAMESPACE, key, 2 * second - first)
end
`;

/** Runs on the client's side of the filter. `worker` tells the workers' ids apart. */
export const OUTER_TAP = `${COMMON}
local worker = tostring({}):gsub("^table: 0x", "")
local second, shown, number = 0, 0, 0

function envoy_on_request(handle)
  local now = math.floor(handle:timestamp() / 1000)
  if now ~= second then second, shown = now, 0 end
  shown = shown + 1
  if shown > ${EXCHANGES_PER_SECOND} then return end
  number = number + 1
  local id = worker .. "-" .. number
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set(NAMESPACE, "id", id)
  local started = micros(handle)
  metadata:set(NAMESPACE, "started", started)
  report(handle, id, "q0", string.format("%.0f", started) .. " " .. headers(handle))
  mark(handle, metadata, "request")
  body(handle, id, "q0")
end

function envoy_on_response(handle)
  local now = micros(handle)
  local own = handle:streamInfo():dynamicMetadata():get(NAMESPACE)
  if own == nil then return end
  local added = own.response and string.format("%.0f", now - own.response) or "-"
  local whole = string.format("%.0f", now - own.started)
  report(handle, own.id, "p0", added .. " t" .. whole .. " " .. headers(handle))
  body(handle, own.id, "p0")
end
`;

/** Runs on the upstream's side of the filter. */
export const INNER_TAP = `${COMMON}
function envoy_on_request(handle)
  local now = micros(handle)
  local own = handle:streamInfo():dynamicMetadata():get(NAMESPACE)
  if own == nil then return end
  report(handle, own.id, "q1", string.format("%.0f", now - own.request) .. " " .. headers(handle))
  body(handle, own.id, "q1")
end

function envoy_on_response(handle)
  local metadata = handle:streamInfo():dynamicMetadata()
  local own = metadata:get(NAMESPACE)
  if own == nil then return end
  report(handle, own.id, "p1", "- " .. headers(handle))
  mark(handle, metadata, "response")
  body(handle, own.id, "p1")
end
`;
