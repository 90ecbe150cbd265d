"""What carries out the tasks of a batch: processes on this machine, or a Dask cluster."""
