// The scripts with which a store changes a campaign: the server runs each as a whole, so that a machine may be lost between any two. -1: the
// campaign is gone, or another has its name; 0: somebody was first; 1: done.

import { countInHistory } from "./history.js";

/** Whether the campaign is there, and is still the one of this plan: another may have got its name since. */
const isThere = `
local function isThere(plan)
  if redis.call('HEXISTS', KEYS[1], 'parts') == 0 then return false end
  return plan == '' or redis.call('HGET', KEYS[1], 'plan') == plan
end
`;

export const keepScript = `${isThere}
if not isThere(ARGV[6]) then return -1 end
local part, block = ARGV[1], tonumber(ARGV[2])
local merged = tonumber(redis.call('HGET', KEYS[1], 'merged:' .. part) or '0')
if merged > block or redis.call('HEXISTS', KEYS[1], 'over:' .. part) == 1 then return 0 end
if redis.call('HSETNX', KEYS[2], part .. ':' .. block, ARGV[3]) == 0 then return 0 end
local ready = math.max(merged, tonumber(redis.call('HGET', KEYS[1], 'ready:' .. part) or '0'))
while redis.call('HEXISTS', KEYS[2], part .. ':' .. ready) == 1 do ready = ready + 1 end
redis.call('HSET', KEYS[1], 'ready:' .. part, ready)
local blocks = redis.call('HINCRBY', KEYS[1], 'blocks:' .. part, 1)
redis.call('HINCRBY', KEYS[1], 'runs:' .. part, ARGV[4])
redis.call('HINCRBY', KEYS[1], 'events:' .. part, ARGV[5])
redis.call('HDEL', KEYS[3], block)
${countInHistory}
if blocks == tonumber(ARGV[7]) then redis.call('HSET', KEYS[1], 'over:' .. part, 1) end
if ARGV[9] ~= '' then
  redis.call('HSET', KEYS[1], 'unexpected:' .. ARGV[2], ARGV[9])
  redis.call('PUBLISH', ARGV[10], ARGV[9])
end
return 1`;

export const saveScript = `${isThere}
if not isThere(ARGV[3]) then return -1 end
if redis.call('HEXISTS', KEYS[2], '0:' .. ARGV[1]) == 1 then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
return 1`;

export const mergeScript = `${isThere}
local part, from, to = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if not isThere(ARGV[9]) then return -1 end
if tonumber(redis.call('HGET', KEYS[1], 'merged:' .. part) or '0') ~= from then return 0 end
if redis.call('HEXISTS', KEYS[1], 'over:' .. part) == 1 then return 0 end
redis.call('HSET', KEYS[3], part, ARGV[4])
if ARGV[8] ~= '' then redis.call('HSET', KEYS[3], 'fault:' .. part, ARGV[8]) end
redis.call('HSET', KEYS[1], 'merged:' .. part, to, 'level:' .. part, ARGV[5], 'known:' .. part, ARGV[6])
redis.call('HSET', KEYS[1], 'failures:' .. part, ARGV[10])
if ARGV[11] ~= '' then
  local minute = math.floor(tonumber(redis.call('TIME')[1]) / 60)
  redis.call('HSET', KEYS[4], 'seen:' .. part .. ':' .. minute, ARGV[11])
end
local last = to - 1
if ARGV[7] == '1' then
  redis.call('HSET', KEYS[1], 'over:' .. part, 1)
  last = math.max(last, tonumber(redis.call('HGET', KEYS[1], 'added:' .. part) or '0') - 1)
end
for block = from, last do redis.call('HDEL', KEYS[2], part .. ':' .. block) end
return 1`;

export const minimizedScript = `${isThere}
if not isThere(ARGV[4]) then return -1 end
local field = 'minimized:' .. ARGV[1] .. ':' .. ARGV[2]
if redis.call('HSETNX', KEYS[1], field, 1) == 0 then return 0 end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], field, ARGV[3]) end
return 1`;

export const failureScript = `${isThere}
if not isThere(ARGV[5]) then return -1 end
local field = 'failing:' .. ARGV[1]
local lowest = tonumber(redis.call('HGET', KEYS[1], field) or ARGV[2])
redis.call('HSET', KEYS[1], field, math.min(lowest, tonumber(ARGV[2])))
redis.call('HSETNX', KEYS[1], 'told:' .. ARGV[1], ARGV[4])
return redis.call('PUBLISH', ARGV[3], ARGV[4])`;
