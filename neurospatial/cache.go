package neurospatial

// caches holds results that are worth keeping between calls. Its zero value is empty and ready to use.
type caches struct{}
