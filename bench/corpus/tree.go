package corpus

import (
	"fmt"
	"os"
	"path/filepath"
)

// WriteTree writes n files into 256 directories in dir, and returns the number of faulty
// files, which is one in fifty. All files are valid JSON, because some tools stop at the
// first file that is not. The payloads in one directory agree, because patchlint would
// report contradictions.
func WriteTree(dir string, n int) (faulty int, err error) {
	for i := range 256 {
		if err := os.MkdirAll(filepath.Join(dir, fmt.Sprintf("%02x", i)), 0o777); err != nil {
			return 0, err
		}
	}
	for i := range n {
		fault := None
		// Seven and ten are coprime, so payloads of every size have faults.
		if block := i / 50; i%50 == (7*block+3)%50 {
			fault = Faults()[block%int(Syntax-1)]
			faulty++
		}
		in := i % 256
		name := fmt.Sprintf("%02x/partner-%06d.json", in, i)
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), mixed(in, fault), 0o666); err != nil {
			return 0, err
		}
	}
	return faulty, nil
}
