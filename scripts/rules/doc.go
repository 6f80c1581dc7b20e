// Package rules holds the repository to its own rules. It has tests only.
package rules
