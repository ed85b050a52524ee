// Package nskernel holds the documentation and the repository-wide tests of a
// Jupyter kernel in Go for people who analyse animals moving through space.
//
// The command is in cmd/nskernel, the library of spatial analysis in
// neurospatial and its figures in plot. ARCHITECTURE.md shows how the packages
// fit together.
package nskernel
