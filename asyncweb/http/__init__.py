"""HTTP as values and bytes: no sockets, no loops, no clocks in this room."""
