"""Python side of the comparison: times one row and prints one line of JSON.

    python rows.py ROW INPUTS
"""
import gc
import importlib.metadata
import json
import os
import statistics
import sys
import time
import warnings

import numpy as np
from neurospatial import Environment

BIN = 2.0


def load(folder, name, cols=None):
    a = np.fromfile(os.path.join(folder, name + ".f64"), dtype="<f8")
    return a if cols is None else a.reshape(-1, cols)


def clock(fn, setup=None, budget=3.0, most=100, least=3):
    """Median seconds of a call, after one to warm up."""
    if setup:
        setup()
    result = fn()
    times, begin = [], time.perf_counter()
    gc.disable()
    while len(times) < most and (len(times) < least or time.perf_counter() - begin < budget):
        if setup:
            setup()
        t = time.perf_counter()
        fn()
        times.append(time.perf_counter() - t)
    gc.enable()
    return statistics.median(times), result


def main(row, folder):
    from neurospatial.ops import map_points_to_bins

    op, grid = row.rsplit("_", 1)
    env = None if op == "build" else Environment.from_samples(load(folder, "samples_" + grid, 2), BIN)
    points = lambda: load(folder, "points_" + grid, 2)
    field = lambda: load(folder, "field_" + grid)
    times = lambda n: load(folder, "times_" + grid)[:n]
    path = lambda n: load(folder, "path_" + grid, 2)[:n]
    scale = 1.0
    if op == "build":
        s = load(folder, "samples_" + grid, 2)
        med, res = clock(lambda: Environment.from_samples(s, BIN), most=3, least=1)
        res = res.bin_centers.ravel()
    elif op == "map_10000_uncached":
        p = points()
        med, res = clock(lambda: map_points_to_bins(p, env),
                         setup=lambda: env.clear_cache(kdtree=True, kernels=False, cached_properties=False))
    elif op == "map_10000_cached":
        p = points()
        med, res = clock(lambda: map_points_to_bins(p, env))
    elif op == "neighbors":
        idx = [(i * 7919) % env.n_bins for i in range(1000)]
        scale = 1000
        med, res = clock(lambda: [env.neighbors(i) for i in idx])
        res = [len(r) for r in res]
    elif op == "path":
        pairs = load(folder, "pairs_" + grid).astype(int).reshape(-1, 2).tolist()
        scale = len(pairs)
        med, res = clock(lambda: [env.path_between(a, b) for a, b in pairs], most=3, least=1)
        c = env.bin_centers
        res = [float(np.linalg.norm(np.diff(c[r], axis=0), axis=1).sum()) for r in res]
    elif op in ("interp_nearest_10000", "interp_linear_10000"):
        p, f = points(), field()
        med, res = clock(lambda: env.interpolate(f, p, mode=op.split("_")[1]))
    elif op == "occupancy_100000":
        t, p = times(100000), path(100000)
        med, res = clock(lambda: env.occupancy(t, p))
    elif op == "occupancy_linear_10000":
        t, p = times(10000), path(10000)
        med, res = clock(lambda: env.occupancy(t, p, time_allocation="linear"), most=3, least=1)
    elif op == "bin_sequence_100000":
        t, p = times(100000), path(100000)
        med, res = clock(lambda: env.bin_sequence(t, p))
    elif op == "distance_to_one":
        med, res = clock(lambda: env.distance_to([env.n_bins // 2]), most=3, least=1)
    elif op == "smooth_first_bw4":
        f = field()
        med, res = clock(lambda: env.smooth(f, 4.0), setup=env.clear_cache, most=3, least=1)
        res = []  # release 0.6.0 has another operator
    elif op == "smooth_again_bw4":
        f = field()
        med, res = clock(lambda: env.smooth(f, 4.0))
        res = []
    else:
        raise ValueError(f"no row {row}")
    return {"version": importlib.metadata.version("neurospatial"), "median": med / scale,
            "sample": sample(np.asarray(res, dtype=float).ravel())}


def sample(a):
    """At most 1000 values, evenly spread; NaN travels as JSON's NaN would not, so as None."""
    if len(a) > 1000:
        a = a[np.arange(1000) * len(a) // 1000]
    return [None if np.isnan(v) else float(v) for v in a]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    try:
        print(json.dumps(main(*sys.argv[1:3])))
    except Exception as e:  # reported by the caller, with the row's name
        print(json.dumps({"error": f"{type(e).__name__}: {e}"}))
