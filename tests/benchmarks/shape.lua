-- Asks what its arguments say: method, path, bytes of body, how many at once, header=value...
-- Where the path says NUMBER, no two requests are alike.
local method, path, body, at_once, headers
local number = 0

local function spelled()
    number = number + 1
    return wrk.format(method, (path:gsub("NUMBER", number)), headers, body)
end

local function batch()
    local together = {}
    for at = 1, at_once do
        together[at] = spelled()
    end
    return table.concat(together)
end

init = function(args)
    method, path, at_once, headers = args[1], args[2], tonumber(args[4]), {}
    body = args[3] ~= "0" and string.rep("x", tonumber(args[3])) or nil
    for at = 5, #args do
        local name, value = args[at]:match("^(.-)=(.*)$")
        headers[name] = value
    end
    local always = batch()
    request = path:find("NUMBER") and batch or function()
        return always
    end
end
