"""Who carries the tasks of a batch out: processes on this machine, or a Dask cluster."""
