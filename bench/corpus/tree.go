package corpus

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Directories is the number of directories of a tree.
const Directories = 256

// File is one file of a tree.
type File struct {
	// Name is the path below the tree, with forward slashes.
	Name  string
	Class Class // Clean or Faulty
	Fault Fault
}

// Tree lists the files of a tree of n: one in fifty is faulty, and the faults
// come in turn.
func Tree(n int) []File {
	files := make([]File, n)
	for i := range files {
		files[i].Name = fmt.Sprintf("%02x/partner-%06d.json", i%Directories, i)
		// Seven is prime to ten, so that payloads of every size have faults.
		if block := i / 50; i%50 == (7*block+3)%50 {
			files[i].Class, files[i].Fault = Faulty, Fault(block%len(Faults()))
		}
	}
	return files
}

// WriteTree writes a tree of n files below dir. Each file passes through shape,
// unless that is nil; where it returns nil, the file is left out.
func WriteTree(dir string, n int, shape func(File, []byte) []byte) error {
	for i := range min(n, Directories) {
		if err := os.MkdirAll(filepath.Join(dir, fmt.Sprintf("%02x", i)), 0o777); err != nil {
			return err
		}
	}
	files := Tree(n)
	workers := runtime.GOMAXPROCS(0)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				src := mixed(i, files[i].Class, files[i].Fault)
				if shape != nil {
					src = shape(files[i], src)
				}
				if src != nil {
					errs[w] = os.WriteFile(filepath.Join(dir, filepath.FromSlash(files[i].Name)), src, 0o666)
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Parsable is a shape that leaves out what is not JSON: some tools end at the
// first such file.
func Parsable(f File, src []byte) []byte {
	if f.Class == Faulty && f.Fault == Syntax {
		return nil
	}
	return src
}

// Kubernetes is a shape that adds the two properties by which kubeconform finds
// the schema of a file.
func Kubernetes(_ File, src []byte) []byte {
	return bytes.Replace(src, []byte("{\n"), []byte("{\n  \"apiVersion\": \"graph.microsoft.com/beta\",\n  \"kind\": \"complianceManagementPartner\",\n"), 1)
}
