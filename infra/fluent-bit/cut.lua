-- Firehose takes no record above 1,000 KiB, and Fluent Bit discards one that is larger without counting it. A line that is too long goes
-- on in parts, as a container runtime would have cut it: the transform joins them (docs/multiline.md).
-- The configurations have this text in one line, since Fargate gives a router one file.

-- Bytes: one byte of a line is six as JSON at most.
local MOST = 150000
local run, lines = tostring({}):sub(8) .. os.time(), 0

function cut(tag, time, record)
  local key = record.log and "log" or record.message and "message" or "MESSAGE"
  local log = record[key]
  if type(log) ~= "string" or #log <= MOST then
    return 0, 0, 0
  end
  lines = lines + 1
  local parts, from = {}, 1
  while from <= #log do
    local to = math.min(from + MOST - 1, #log)
    -- Not within a character of UTF-8, which has three further bytes at most.
    for _ = 1, 3 do
      local byte = log:byte(to + 1)
      if byte and byte >= 0x80 and byte < 0xC0 then
        to = to - 1
      end
    end
    local part = {}
    for name, value in pairs(record) do
      part[name] = value
    end
    part[key] = log:sub(from, to)
    part.partial_message = "true"
    part.partial_id = run .. "." .. lines
    part.partial_ordinal = tostring(#parts + 1)
    part.partial_last = tostring(to == #log)
    parts[#parts + 1] = part
    from = to + 1
  end
  return 2, time, parts
end
