package condition

import "testing"

func TestNetwork(t *testing.T) {
	for _, c := range []struct {
		text, exact string
		private, ok bool
	}{
		{"10.1.2.3/8", "10.0.0.0/8", true, true},
		{"10.0.0.0/7", "10.0.0.0/7", false, true},
		{"172.31.255.255", "172.31.255.255/32", true, true},
		{"172.32.0.0/16", "172.32.0.0/16", false, true},
		{"203.0.113.9/24", "203.0.113.0/24", false, true},
		{"fd00::1/64", "fd00::/64", true, true},
		{"2001:db8::/32", "2001:db8::/32", false, true},
		{"10.0.0/8", "", false, false},
	} {
		if exact, private, ok := Network(c.text); exact != c.exact || private != c.private || ok != c.ok {
			t.Errorf("%q: %q, %v, %v", c.text, exact, private, ok)
		}
	}
}
