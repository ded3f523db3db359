//go:build race

package zoo_test

const underRaceDetector = true
