package condition

import (
	"net/netip"
	"strings"
	"testing"
)

// texts that are addresses or networks, or nearly.
var addressTexts = []string{
	"", "0", "1.2.3.4", "255.255.255.255", "0.0.0.0", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.00", "1..3.4", "1.2.3.4.", ".1.2.3", "1.2.3.x", "-1.2.3.4", "1000.2.3.4",
	"::", "::1", "1::", ":::", "::::", ":", "1:", ":1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3::5:6:7:8", "1:2:3:4::5:6:7:8",
	"1::2::3", "2001:DB8::1", "2001:0db8:0000:0000:0000:0000:0000:0001", "02001::", "g::", "12345::", "+1::", "1_0::", "fe80::1%eth0", "%", "1.2.3.4%x",
	"::ffff:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3", "::1.2.3.04", "64:ff9b::1.2.3.256",
	"1:0:0:2:0:0:0:3", "1:0:0:2:0:0:3:4", "1:0:2:0:3:0:4:0", "0:0:0:0:0:0:0:0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:0:0", "::fffe:ffff:ffff", "1:2:3:4:5:6::1.2.3.4", "1:2:3:4:5::1.2.3.4",
}

var lengths = []string{"", "/", "/0", "/1", "/7", "/8", "/24", "/31", "/32", "/33", "/64", "/96", "/127", "/128", "/129", "/008", "/00", "/+8", "/-1", "/8/8", "/x", "/1000"}

// agree holds addresses and networks to those of the standard library.
func agree(t *testing.T, text, other string) {
	t.Helper()
	want, err := netip.ParseAddr(text)
	if err != nil || want.Zone() != "" {
		want = netip.Addr{}
	}
	got := parseAddress(text)
	if (got.size > 0) != want.IsValid() || got.size > 0 && got.String() != want.String() {
		t.Errorf("the address %q is %v, expected %v", text, got, want)
	}
	if want.IsValid() {
		for step, want := range map[int]netip.Addr{1: want.Next(), -1: want.Prev()} {
			if got := got.next(step); (got.size > 0) != want.IsValid() || got.size > 0 && got.String() != want.String() {
				t.Errorf("%d after %q is %v, expected %v", step, text, got, want)
			}
		}
	}
	of, _ := netip.ParseAddr(other)
	for _, length := range lengths {
		n, exact := parseNetwork(text + length)
		var p netip.Prefix
		if strings.Contains(text+length, "/") {
			p, _ = netip.ParsePrefix(text + length)
		} else if want.IsValid() {
			p = netip.PrefixFrom(want, want.BitLen())
		}
		if n.valid() != p.IsValid() || n.valid() && (n.String() != p.Masked().String() || exact != (p == p.Masked())) {
			t.Errorf("the network %q is %v, exact %v; expected %v", text+length, n, exact, p)
			continue
		}
		if of.Zone() == "" && n.contains(parseAddress(other)) != p.Contains(of) {
			t.Errorf("the network %q contains %q: %v, expected %v", text+length, other, !p.Contains(of), p.Contains(of))
		}
		if n.valid() && (!n.contains(n.last()) || n.contains(n.last().next(1)) || n.contains(n.address.next(-1)) || !n.contains(n.address)) {
			t.Errorf("the network %q does not reach from %v to %v", text+length, n.address, n.last())
		}
	}
}

func TestAddressesAndNetworksAreThoseOfTheStandardLibrary(t *testing.T) {
	for _, text := range addressTexts {
		for _, other := range addressTexts {
			agree(t, text, other)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, text := range addressTexts {
		f.Add(text, "10.0.0.1")
	}
	f.Fuzz(agree)
}
