// The SDK in the conformance suite; tests/clients/README.md is the protocol.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type message struct {
	ID      int            `json:"id"`
	Op      string         `json:"op"`
	Random  float64        `json:"random"`
	Name    string         `json:"name"`
	Ms      int64          `json:"ms"`
	Method  string         `json:"method"`
	Args    []any          `json:"args"`
	Params  map[string]any `json:"params"`
	Options map[string]any `json:"options"`
	Times   int            `json:"times"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	running := &driver{}
	for lines.Scan() {
		var asked message
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer := running.carryOut(asked)
		answer["id"] = asked.ID
		if err := out.Encode(answer); err != nil {
			panic(err)
		}
	}
}

func (running *driver) carryOut(asked message) (answer map[string]any) {
	defer func() {
		if problem := recover(); problem != nil {
			answer = map[string]any{"failed": fmt.Sprint(problem)}
		}
	}()
	answer = operations[asked.Op](running, asked)
	if answer == nil {
		answer = map[string]any{}
	}
	return answer
}
