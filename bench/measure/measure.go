// Package measure times functions alternately, so that load on a shared machine affects
// all of them, and compares them round by round.
package measure

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// Value is a measured number with the quartiles of its rounds.
type Value struct {
	Median, Low, High float64
}

// Of returns the median and quartiles of the rounds.
func Of(rounds []float64) Value {
	sorted := slices.Sorted(slices.Values(rounds))
	at := func(q float64) float64 {
		if len(sorted) == 0 {
			return math.NaN()
		}
		i := q * float64(len(sorted)-1)
		low, high := math.Floor(i), math.Ceil(i)
		return sorted[int(low)] + (i-low)*(sorted[int(high)]-sorted[int(low)])
	}
	return Value{at(0.5), at(0.25), at(0.75)}
}

// Exactly returns a Value that is the same in every round.
func Exactly(x float64) Value { return Value{x, x, x} }

// Ratio returns the ratio of two measurements, round by round.
func Ratio(a, b []float64) Value {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return Of(ratios)
}

// Growth returns the exponent k of cost = c * size^k, fitted by least squares to the
// logarithms of each round. Costs are indexed by size, then round.
func Growth(sizes []int, costs [][]float64) Value {
	rounds := make([]float64, len(costs[0]))
	for r := range rounds {
		var sx, sy, sxx, sxy float64
		for i, size := range sizes {
			x, y := math.Log(float64(size)), math.Log(costs[i][r])
			sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
		}
		n := float64(len(sizes))
		rounds[r] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	}
	return Of(rounds)
}

// Bench controls how long functions are timed.
type Bench struct {
	// Rounds is the number of times that every function is timed. It is odd, so that the
	// median is a round.
	Rounds int
	// Sample is the minimum time that a function runs in a round. It must be long enough
	// for a garbage collection, or the cost of that is missed.
	Sample time.Duration
	// Clock returns the time since a fixed moment: Wall or CPU.
	Clock func() time.Duration
}

// InTurn times all functions in each round, and returns the seconds per call, indexed by
// function, then round. Every second round is in reverse order, so that a function does
// not always follow the same one.
func (b Bench) InTurn(functions ...func()) [][]float64 {
	time1 := func(f func(), calls int) time.Duration {
		began := b.Clock()
		for range calls {
			f()
		}
		return b.Clock() - began
	}
	calls := make([]int, len(functions))
	for i, f := range functions {
		f() // do not measure one-time initialization
		for calls[i] = 1; ; {
			took := time1(f, calls[i])
			if took >= b.Sample {
				break
			}
			calls[i] = max(calls[i]+1, min(100*calls[i], int(1.2*float64(calls[i])*float64(b.Sample)/float64(max(took, 1)))))
		}
	}
	seconds := make([][]float64, len(functions))
	for round := range b.Rounds {
		for i := range functions {
			if round%2 == 1 {
				i = len(functions) - 1 - i
			}
			runtime.GC() // do not measure the garbage of the previous function
			seconds[i] = append(seconds[i], time1(functions[i], calls[i]).Seconds()/float64(calls[i]))
		}
	}
	return seconds
}

// String returns the median and, if the rounds differ, the quartiles.
func (v Value) String() string {
	if v.Low == v.High {
		return Short(v.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", Short(v.Median), Short(v.Low), Short(v.High))
}

// Short formats a number with three digits, or with all digits before the decimal point
// if there are more.
func Short(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x), math.IsInf(x, 0):
		return "–"
	case a == math.Trunc(a) || a >= 99.95:
		return fmt.Sprintf("%.0f", x)
	case a >= 9.995:
		return fmt.Sprintf("%.1f", x)
	case a >= 0.9995:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.3f", x)
}
