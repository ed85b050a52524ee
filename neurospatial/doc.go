// Package neurospatial divides the space that an animal explored into bins and computes with what happened
// in them: where it was and for how long, how a firing rate varies over space, which way is shortest. It is
// a Go implementation of the Python library of the same name; PORTING.md lists every name and difference.
//
//	pos, err := neurospatial.XY(x, y)                    // positions in cm
//	env, err := neurospatial.FromSamples(pos, 2)         // bins of at most 2 cm where the animal was
//	time, err := env.Occupancy(seconds, pos)             // seconds per bin
//	smooth, err := env.Smooth(time, 5)                   // diffusion over 5 cm that respects walls
//
// # Environments
//
// [FromSamples] makes a grid, or hexagons, of the places that were visited. [FromPolygon], [FromMask] and
// [FromPixelMask] make grids of a known shape; [LinearTrack], [Maze] and [FromGraph] tracks with linear positions;
// [FromPolarEgocentric] rings around the animal. [FromLayout] takes [NewHexagons], [NewMesh], [NewPolygonMesh] and any
// other [Layout]. [Environment.Subset], [Environment.Rebin] and [Environment.Transform] make new environments of old ones.
//
// # Bins and fields
//
// An [Environment] numbers its bins from 0. A field, for example a rate map, is a []float64 with one value
// per bin. Bins of a grid are numbered in C order of their cells, the last axis fastest; [Environment.GridCells]
// leads from bins to cells. [Outside] stands for no bin.
//
// Two questions about a point have different answers. [Environment.BinAt] asks which bin contains it and is
// right for recorded positions. [Environment.MapPointsToBins] asks which centre is nearest and is right for
// points that may lie beside the bins.
//
// # Shapes and units
//
// [Points] are n positions with dim coordinates each. Comments give shapes as [n], [NumBins()], [n][dim].
// Lengths are in the unit of the positions that the environment was made from; [Environment.Units] is its
// label and nothing is converted. Times are in seconds, angles in radians.
//
// # Errors
//
// A function that is given wrong data returns an [*Error] and changes nothing. It says what was wrong, and
// its Hint how to repair it; errors.Is tells its kind ([ErrInvalid], [ErrShape], …); its code is a section of
// docs/errors.md. Only the accessors of [Points] that index like a slice panic like one.
//
// # Options
//
// Options are an optional last argument: Smooth(field, 5) or Smooth(field, 5, SmoothOptions{Mode:
// ModeAverage}). The zero value of every field is the default of the Python library. Booleans that are true
// in Python therefore have the opposite name here: infer_active_bins=True is KeepAllBins: false.
//
// # Concurrency and memory
//
// Environments never change after construction. All methods may be called from several goroutines at once;
// results that are cached are computed once. [EstimateMemory] tells what an environment will need, limits
// named MaxBytes refuse what would not fit, and [Environment.CacheStats] tells what is kept.
package neurospatial
