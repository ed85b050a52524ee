package csr

// Components numbers the connected components of the graph in the order of their
// smallest node and returns the component of each node and their number.
func (g *Graph) Components() (component []int32, count int) {
	component = make([]int32, g.NumNodes())
	for i := range component {
		component[i] = absent
	}
	var stack []int32
	for i := range component {
		if component[i] != absent {
			continue
		}
		c := int32(count)
		count++
		component[i] = c
		stack = append(stack, int32(i))
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, v := range g.Neighbors(int(u)) {
				if component[v] == absent {
					component[v] = c
					stack = append(stack, v)
				}
			}
		}
	}
	return component, count
}

// Hops returns for every node the number of steps from source, -1 for nodes that
// are not reached within limit steps. A negative limit means none.
func (g *Graph) Hops(source, limit int) []int32 {
	hops := make([]int32, g.NumNodes())
	for i := range hops {
		hops[i] = absent
	}
	hops[source] = 0
	queue := []int32{int32(source)}
	for head := 0; head < len(queue); head++ {
		u := queue[head]
		if int(hops[u]) == limit {
			break
		}
		for _, v := range g.Neighbors(int(u)) {
			if hops[v] == absent {
				hops[v] = hops[u] + 1
				queue = append(queue, v)
			}
		}
	}
	return hops
}
