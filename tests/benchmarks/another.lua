-- No two requests alike: nothing that was read before is of use.
local number = 0

request = function()
    number = number + 1
    return wrk.format("GET", "/?number=" .. number)
end
