package install

import "embed"

//go:generate go run ../internal/logo assets

// assets are the logos that front ends show, under the names that Jupyter
// looks for.
//
//go:embed assets
var assets embed.FS
