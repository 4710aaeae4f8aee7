// The transitions of `src/server/tokens/record.rs` in Lua, inside Redis: the same record as the same
// JSON, held to it by random sequences of operations that run through both.
//
// KEYS[1] the record. ARGV: the input as JSON; the store's time at which this comes too late, or
// empty; the store's time itself, for tests, or empty.
// Answers JSON: { now, late } or { now, corrupt } or { now, result }.

const PRELUDE = `
local input = cjson.decode(ARGV[1])
local now = tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function clean(value)
  for name, member in pairs(value) do
    if member == cjson.null then
      value[name] = nil
    elseif type(member) == 'table' then
      clean(member)
    end
  end
  return value
end

clean(input)
local notAfter = tonumber(ARGV[2])
if notAfter and now > notAfter then return cjson.encode({ now = now, late = true }) end

local text = redis.call('GET', KEYS[1])
local record = { v = 1, generation = 0, obtainedAt = 0, fence = 0 }
if text then
  local isJson, value = pcall(cjson.decode, text)
  if not isJson or type(value) ~= 'table' or value.v ~= 1 then
    return cjson.encode({ now = now, corrupt = true })
  end
  record = clean(value)
  -- Redis may not have removed it yet
  if record.kept and now >= record.kept['until'] then
    record = { v = 1, generation = 0, obtainedAt = 0, fence = 0 }
  end
end

local function left(from, to)
  return math.min(math.max(0, to - now), math.max(0, to - from))
end

-- a clock that was set back would make everybody wait until it is there again
local function remaining(span)
  return now + 300000 < span.from and 0 or left(span.from, span['until'])
end

local function view()
  local obtained = record.obtainedAt
  local seen = {
    generation = record.generation,
    rt = record.rt,
    blob = record.blob,
    token = record.blob ~= nil,
    ageMs = math.max(0, now - obtained),
    leaseForMs = record.lease and remaining(record.lease) or 0,
    dead = record.dead,
  }
  if record.expiresAt then
    seen.lifeMs = math.max(0, record.expiresAt - obtained)
    seen.expiresInMs = left(obtained, record.expiresAt)
  end
  if record.refreshAt then
    seen.refreshInMs = now + 300000 < obtained and 0 or left(obtained, record.refreshAt)
  end
  if record.intent then seen.intentAgeMs = math.max(0, now - record.intent.at) end
  if record.suspect then
    seen.suspect = { forMs = remaining(record.suspect), cause = record.suspect.cause }
  end
  if record.gate then
    seen.gate = {
      forMs = remaining(record.gate),
      cause = record.gate.cause,
      failures = record.gate.failures,
    }
  end
  return seen
end

local function save()
  local encoded = cjson.encode(record)
  local kept = record.kept
  if kept then
    -- the rule above decides; this only makes room, a second later
    local ms = left(kept.from, kept['until']) + 1000
    redis.call('SET', KEYS[1], encoded, 'PX', string.format('%.0f', ms))
  else
    redis.call('SET', KEYS[1], encoded)
  end
end

local function keepFor(ms) record.kept = { from = now, ['until'] = now + ms } end

local function keepAtLeast(ms)
  if record.kept and record.kept['until'] < now + ms then keepFor(ms) end
end

local function answer(result)
  return cjson.encode({ now = now, result = result })
end

local function leads()
  local lease = record.lease
  return lease and lease.owner == input.owner and lease.fence == input.fence
end

local ENDED = 30 * 24 * 3600000
local SETTLED = 600000

local function bury(cause, source)
  if not (record.kept and record.kept['until'] < now + ENDED) then keepFor(ENDED) end
  record.dead = cause
  record.source = source or record.source
  record.suspect, record.lease, record.intent = nil, nil, nil
end

local function nextGeneration()
  return record.generation == 0 and math.max(now, 1) or record.generation + 1
end
`;

const READ = `return answer(view())`;

const BEGIN = `
if record.generation > input.seen then return answer({ type = 'fresh', view = view() }) end
local repaired = input.source and input.source ~= record.source
if record.dead and not repaired then
  return answer({ type = 'dead', view = view() })
end
if record.suspect then
  if remaining(record.suspect) > 0 then return answer({ type = 'wait', view = view() }) end
  bury(record.suspect.cause, record.suspect.source)
  save()
  return answer({ type = 'dead', view = view() })
end
local gate = record.gate
local isOthers = gate and gate.cause == 'configuration' and gate.client ~= input.client
if gate and remaining(gate) > 0 and not isOthers then
  return answer({ type = 'gate', view = view() })
end
if record.lease and record.lease.owner ~= input.owner and remaining(record.lease) > 0 then
  return answer({ type = 'wait', view = view() })
end
record.fence = record.fence + 1
-- not to be removed while somebody may come with what follows it
keepAtLeast(input.leaseMs + SETTLED)
if not record.blob then
  if not record.kept then keepFor(0) end
  keepAtLeast(ENDED)
end
record.lease = {
  owner = input.owner,
  fence = record.fence,
  from = now,
  ['until'] = now + input.leaseMs,
  source = input.source,
  client = input.client,
}
save()
local seen = view()
return answer({
  type = 'lead',
  fence = record.fence,
  hadIntentMs = seen.intentAgeMs,
  changed = repaired and true or nil,
  view = seen,
})`;

const MARK = `
if not leads() or remaining(record.lease) == 0 then return answer({ marked = false }) end
local intent, earlier = record.intent, nil
if intent then
  earlier = intent.earlier
  if intent.fence ~= input.fence then earlier = earlier or intent.at end
end
record.intent = { fence = input.fence, at = now, earlier = earlier }
save()
return answer({ marked = true })`;

const COMMIT = `
local repaired = input.source and input.source ~= record.source
local follows = record.rt == input.consumed and (repaired or record.dead ~= 'revoked')
if record.generation ~= input.base or not (input.grant or follows) then
  return answer({ accepted = false, view = view() })
end
record.generation = nextGeneration()
record.rt = input.rt
record.blob = input.blob
record.obtainedAt = now
record.expiresAt = input.lifeMs and now + input.lifeMs
record.refreshAt = input.refreshInMs and now + input.refreshInMs
record.source = input.source or record.source
record.intent, record.suspect, record.gate, record.dead = nil, nil, nil, nil
record.lease, record.kept = nil, nil
if input.keepMs then keepFor(math.max(1, input.keepMs)) end
save()
return answer({ accepted = true, view = view() })`;

const FAIL = `
if not leads() then return answer({ accepted = false, view = view() }) end
local what, lease, intent = input.what, record.lease, record.intent
record.lease = nil
-- somebody before may have sent it too, and be about to commit
local others = intent and (intent.fence ~= input.fence or intent.earlier)

if not (what.type == 'release' and what.sent) and intent and intent.fence == input.fence then
  record.intent = intent.earlier and { fence = 0, at = intent.earlier } or nil
end

if what.type == 'suspect' and others then
  record.suspect = {
    from = now,
    ['until'] = now + math.max(0, lease['until'] - lease.from),
    cause = what.cause,
    source = lease.source,
  }
elseif what.type == 'suspect' or what.type == 'dead' then
  bury(what.cause, lease.source)
elseif what.gate then
  local cause, before = what.gate.cause, record.gate
  record.gate = {
    from = now,
    ['until'] = now + what.gate.forMs,
    cause = cause,
    failures = before and before.cause == cause and before.failures + 1 or 1,
    client = lease.client,
  }
end
save()
return answer({ accepted = true, view = view() })`;

const END = `
if record.generation ~= input.base then return answer({ accepted = false, view = view() }) end
record = {
  v = 1,
  generation = nextGeneration(),
  source = record.source or input.source,
  obtainedAt = 0,
  fence = record.fence,
}
if not input.reusable then record.dead = input.cause end
keepFor(math.max(1, input.keepMs or ENDED))
save()
return answer({ accepted = true, view = view() })`;

/** @internal */
export const SCRIPTS = {
  read: PRELUDE + READ,
  begin: PRELUDE + BEGIN,
  mark: PRELUDE + MARK,
  commit: PRELUDE + COMMIT,
  fail: PRELUDE + FAIL,
  end: PRELUDE + END,
} as const;
