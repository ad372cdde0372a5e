"""The peer of static_file.py: uvicorn with Starlette's StaticFiles. Prints its port, serves on."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles


def main(folder):
    app = Starlette(routes=[Mount("/files", StaticFiles(directory=folder))])
    config = uvicorn.Config(app, port=0, access_log=False, log_level="warning")
    listener = config.bind_socket()
    listener.listen()  # so that whoever reads the port can come at once
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main(sys.argv[1])
