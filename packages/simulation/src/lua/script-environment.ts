/**
 * Prepares the globals of scripts as the server does: `server` and `redis` with what scripts may call, globals that can be
 * neither made nor misspelt, and errors that name the line. Gets the host's functions, returns the handler of errors.
 */
export const SCRIPT_ENVIRONMENT = String.raw`
local host_call, host_sha1hex = ...
local info = debug.getinfo

local function locate(problem)
  for level = 3, 20 do
    local at = info(level, 'Sl')
    if not at then return end
    if at.source == '@user_script' then
      problem.source, problem.line = at.source, at.currentline
      return
    end
  end
end

local function raise(problem)
  locate(problem)
  error(problem, 0)
end

redis = {
  call = function(...)
    local answer, problem = host_call(...)
    if problem then raise(problem) end
    return answer
  end,
  pcall = function(...)
    local answer, problem = host_call(...)
    return problem or answer
  end,
  sha1hex = host_sha1hex,
  error_reply = function(text)
    return { err = string.match(text, '^%-?(.*)$') }
  end,
  status_reply = function(text) return { ok = text } end,
  log = function() end,
  LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3,
}
server = redis
KEYS, ARGV = {}, {}

-- The virtual machine counts in 32 bits where the server counts in 64. What a script may notice of that is mended here, or refused.
local plain_number, plain_format = tonumber, string.format
function tonumber(value, base)
  if not base or base == 10 then return plain_number(value) end
  local text = string.match(tostring(value), '^%s*(%w+)%s*$')
  local number = text and 0
  for digit in string.gmatch(text or '', '.') do
    local found = plain_number(digit, base)
    if not found then return nil end
    number = number * base + found
  end
  return number
end
function string.format(form, ...)
  if string.find(form, '%%[-+ #0-9.]*[cdiouxX]') then
    for index = 1, select('#', ...) do
      local number = plain_number((select(index, ...)))
      if number and math.abs(number) >= 2 ^ 31 then error('the model formats no whole number beyond 32 bits with ' .. form, 2) end
    end
  end
  return plain_format(form, ...)
end

for _, name in ipairs({ 'print', 'dofile', 'loadfile', 'debug', 'io', 'package', 'require', 'module', 'newproxy' }) do
  _G[name] = nil
end
os = { clock = os.clock }
-- A script that draws lots would not run the same way twice.
math.random, math.randomseed = nil, nil

setmetatable(_G, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
  __newindex = function() error('Attempt to modify a readonly table', 2) end,
})

return function(problem)
  if type(problem) == 'table' then
    if problem.source then return problem end
    problem = { err = problem.err }
  else
    problem = { err = 'ERR ' .. tostring(problem) }
  end
  locate(problem)
  return problem
end
`;
