-- wrk's side of scripts/bench ingest: POST requests of native events, built by patching bytes in place.
--
-- Arguments, behind `--`: FILE KEY EVENTS DUPLICATES NAMESPACE
--   FILE        one variant id per line
--   KEY         sent as `Authorization: Bearer KEY`
--   EVENTS      in one request: 1 is sent as a JSON array of one
--   DUPLICATES  of 10,000 events, how many are re-sent copies of earlier ones, byte for byte
--   NAMESPACE   eight hexadecimal digits; makes the message ids of this run its own
--
-- A hundred events are 25 viewers with four events each, in the order in which a person causes them. A viewer sees
-- one version (viewer number modulo versions). Re-sent events are 5,000 to RING events old, counted in what this
-- thread sent since: what a client repeats after a timeout, some of it still on its way.
--
-- The closing line RESULT {…} holds what wrk measured. `fresh` counts the distinct events handed to wrk; those of
-- requests that were cut off at the end may not have arrived.
local ffi = require("ffi")

ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
]]

local PATTERN = 100
local POOL = 3000000 -- viewers

local steps = { -- sequences of four events; how many of the 25 viewers do each
  { 9, { "impression", "viewable", "start", "skip" } },
  { 6, { "impression", "viewable", "start", "first_quartile" } },
  { 5, { "impression", "viewable", "start", "complete" } },
  { 3, { "impression", "viewable", "midpoint", "third_quartile" } },
  { 1, { "impression", "viewable", "complete", "click" } },
  { 1, { "impression", "viewable", "click", "conversion" } },
}
local ages = { 9000, 8000, 6500, 1200 } -- milliseconds before the request
local placements = { "tiktok.infeed", "facebook.feed_square", "youtube.bumper" }

-- main state -----------------------------------------------------------------------------------------------------

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function done(summary, latency)
  local fresh, copies = 0, 0
  for _, thread in ipairs(threads) do
    fresh = fresh + thread:get("fresh")
    copies = copies + thread:get("copies")
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p90_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, '
      .. '"fresh": %d, "copies": %d, "refused": %d, "socket_errors": %d, "timeouts": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(90) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, fresh, copies, errors.status,
    errors.connect + errors.read + errors.write, errors.timeout))
end

-- a thread's state -----------------------------------------------------------------------------------------------

fresh, copies = 0, 0

local digits = ffi.new("uint8_t[40000]") -- "0000" to "9999"
local time = ffi.new("bench_time")
local ring, ringStart, ringLength
local slotStart, slotLength, slotVariant, slotViewer, slotTime, slotMessage
local variants, variantCount
local events, shapes, entries, copyRate
local serial, sent, viewer = 0, 0, 0

for number = 0, 9999 do
  local text = string.format("%04d", number)
  for place = 0, 3 do digits[number * 4 + place] = text:byte(place + 1) end
end

local function put4(target, number) ffi.copy(target, digits + number * 4, 4) end

local function event(index, namespace)
  local viewer, step = math.floor(index / 4), index % 4 + 1
  local kinds, bound = nil, 0
  for _, sequence in ipairs(steps) do
    bound = bound + sequence[1]
    if not kinds and viewer < bound then kinds = sequence[2] end
  end
  local value = kinds[step] == "conversion" and ',"value":24.90,"currency":"EUR"' or ""
  return string.format(
    '{"type":"%s","variant_id":"%s","viewer_id":"v-00%08d","timestamp":%013d,"message_id":"%s-0000-4000-8%03x-%012d",'
      .. '"placement":"%s"%s}',
    kinds[step], ("0"):rep(36), 0, 1000000000000, namespace, number, 0, placements[viewer % #placements + 1], value)
end

function init(arguments)
  local path, key, count, rate, namespace = unpack(arguments)
  events, copyRate = tonumber(count), tonumber(rate) / 10000
  assert(PATTERN % events == 0, "EVENTS must divide 100")
  local lines = {}
  for line in io.lines(path) do if #line == 36 then lines[#lines + 1] = line end end
  variantCount = #lines
  assert(variantCount > 0, "no variant ids in " .. path)
  variants = ffi.new("uint8_t[?]", variantCount * 36)
  for index, line in ipairs(lines) do ffi.copy(variants + (index - 1) * 36, line, 36) end

  -- A request is one of PATTERN / events shapes; the ring holds many of each.
  local texts = {}
  shapes = PATTERN / events
  entries = events == 1 and 200000 or 2000 * math.floor(100 / events)
  slotStart, slotLength = ffi.new("int32_t[100]"), ffi.new("int32_t[100]")
  slotVariant, slotViewer = ffi.new("int32_t[100]"), ffi.new("int32_t[100]")
  slotTime, slotMessage = ffi.new("int32_t[100]"), ffi.new("int32_t[100]")
  for shape = 0, shapes - 1 do
    local parts = {}
    for slot = 0, events - 1 do parts[slot + 1] = event(shape * events + slot, namespace) end
    local body = "[" .. table.concat(parts, ",") .. "]"
    local head = string.format(
      "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
        .. "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", key, #body)
    texts[shape] = head .. body
    local at = #head + 1
    for slot = 0, events - 1 do
      local index, text = shape * events + slot, parts[slot + 1]
      local function place(marker) return at + select(2, text:find(marker, 1, true)) end
      slotStart[index], slotLength[index] = at, #text
      slotVariant[index], slotViewer[index] = place('"variant_id":"'), place('"viewer_id":"v-00')
      slotTime[index], slotMessage[index] = place('"timestamp":'), place('"message_id":"') + 24
      at = at + #text + 1
    end
  end
  local size = 0
  ringStart, ringLength = ffi.new("int64_t[?]", entries), ffi.new("int32_t[?]", entries)
  for entry = 0, entries - 1 do
    ringStart[entry], ringLength[entry] = size, #texts[entry % shapes]
    size = size + #texts[entry % shapes]
  end
  ring = ffi.new("uint8_t[?]", size)
  for entry = 0, entries - 1 do ffi.copy(ring + ringStart[entry], texts[entry % shapes], ringLength[entry]) end

  math.randomseed(tonumber(namespace, 16) % 2147483647 + number)
end

local function freshEvent(buffer, index, nowMs)
  local step = index % 4
  if step == 0 then viewer = math.random(0, POOL - 1) end
  local moment = nowMs - ages[step + 1] - index * 3
  local high = math.floor(moment / 1e8)
  local rest = moment - high * 1e8
  local low = math.floor(rest / 1e4)
  put4(buffer + slotTime[index] + 1, high % 10000)
  put4(buffer + slotTime[index] + 5, low)
  put4(buffer + slotTime[index] + 9, rest - low * 1e4)
  put4(buffer + slotViewer[index], math.floor(viewer / 10000))
  put4(buffer + slotViewer[index] + 4, viewer % 10000)
  ffi.copy(buffer + slotVariant[index], variants + viewer % variantCount * 36, 36)
  serial = serial + 1
  local top = math.floor(serial / 1e8)
  local under = serial - top * 1e8
  local middle = math.floor(under / 1e4)
  put4(buffer + slotMessage[index], top)
  put4(buffer + slotMessage[index] + 4, middle)
  put4(buffer + slotMessage[index] + 8, under - middle * 1e4)
end

function request()
  ffi.C.clock_gettime(0, time)
  local nowMs = tonumber(time.seconds) * 1000 + math.floor(tonumber(time.nanoseconds) / 1e6)
  local entry = sent % entries
  local shape = entry % shapes
  local buffer = ring + ringStart[entry]
  -- How far back a copy may come from: not what was just sent, and not what the ring has forgotten.
  local least = math.floor(5000 / events)
  local most = math.min(sent, entries) - 1
  for slot = 0, events - 1 do
    local index = shape * events + slot
    if most > least and math.random() < copyRate then
      local back = math.random(least, most)
      -- From a request of the same shape, so that the lengths are the same.
      back = math.max(shapes, back - back % shapes)
      local from = (sent - back) % entries
      ffi.copy(buffer + slotStart[index], ring + ringStart[from] + slotStart[index], slotLength[index])
      copies = copies + 1
    else
      freshEvent(buffer, index, nowMs)
      fresh = fresh + 1
    end
  end
  sent = sent + 1
  return ffi.string(buffer, ringLength[entry])
end
