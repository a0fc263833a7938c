-- wrk's requests: -- FILE ROWS ROUND [STATUS]. A line of FILE is a method, a path and a body, with tabs between them; {id} is one of
-- ROWS, {n} a number that is used once, {call} the id of a call task, {number} that of an appointment. Prints what came of it as JSON.

local number = 0

function setup(thread)
  thread:set("thread", number)
  number = number + 1
end

local kinds = {
  id = function() return tostring(math.random(rows)) end,
  n = function()
    used = used + 1
    return string.format("%.0f", used)
  end,
  call = function() return string.format("01890000-0000-7000-8000-%012x", math.random(rows)) end,
  number = function() return string.format("20230101%07d", math.random(math.max(1, math.floor(rows / 10)))) end,
}

-- A text as a list of texts and functions.
local function pieces(text)
  local list, from = {}, 1
  while true do
    local begin, stop, kind = text:find("{(%l+)}", from)
    if not begin then break end
    list[#list + 1] = text:sub(from, begin - 1)
    list[#list + 1] = kinds[kind]
    from = stop + 1
  end
  list[#list + 1] = text:sub(from)
  return list
end

local function filled(list)
  if #list == 1 then return list[1] end
  local made = {}
  for at, piece in ipairs(list) do made[at] = type(piece) == "function" and piece() or piece end
  return table.concat(made)
end

function init(args)
  rows, round = tonumber(args[2]), tonumber(args[3])
  used = round * 100000000 + thread * 20000000
  math.randomseed(round * 100 + thread)
  requests, wrong = {}, 0
  for line in io.lines(args[1]) do
    local method, path, body = line:match("^(%S+)\t([^\t]+)\t?(.*)$")
    local headers = { ["Authorization"] = wrk.headers["Authorization"], ["Host"] = wrk.headers["Host"] }
    if body == "" then body = nil else headers["Content-Type"] = "application/json" end
    local one = { method = method, headers = headers, path = pieces(path), body = body and pieces(body) }
    if #one.path == 1 and not (one.body and #one.body > 1) then one.whole = wrk.format(method, path, headers, body) end
    requests[#requests + 1] = one
  end
end

function request()
  local one = requests[#requests == 1 and 1 or math.random(#requests)]
  return one.whole or wrk.format(one.method, filled(one.path), one.headers, one.body and filled(one.body))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"bytes":%d,"refused":%d,"broken":%d,"p50":%f,"p99":%f,"max":%f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
