-- What Apache has no file for. mod_lua calls these with the request.

local WAIT_US = 10 * 1000
local QUERY = "SELECT name FROM users WHERE id = %s"
local ROW_ID = 42

local file_path = os.getenv("CLAIMS_FILE")
local database_path = os.getenv("CLAIMS_DATABASE")

function wait(r)
  r.content_type = "text/plain"
  r.usleep(WAIT_US)
  r:write("Hello World")
  return apache2.OK
end

function read(r)
  r.content_type = "text/plain"
  local file = assert(io.open(file_path, "rb"))
  local text = file:read("*a")
  file:close()
  local database = assert(r:dbacquire("sqlite3", database_path))
  local row = assert(database:prepare(r, QUERY)):select(ROW_ID)(-1)
  database:close()
  r:write(text .. row[1])
  return apache2.OK
end
