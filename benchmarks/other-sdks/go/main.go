// Command other-sdk is what scripts/foreign-sdk.mjs runs on the in-process host and in Envoy, by the Go SDK.
package main

import (
	"bytes"
	"fmt"

	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm"
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm/types"
)

func main() {}

func init() {
	proxywasm.SetVMContext(&vm{})
}

type vm struct{ types.DefaultVMContext }

func (*vm) NewPluginContext(uint32) types.PluginContext { return &plugin{} }

type plugin struct{ types.DefaultPluginContext }

func (*plugin) OnPluginStart(size int) types.OnPluginStartStatus {
	text, err := proxywasm.GetPluginConfiguration()
	proxywasm.LogInfo(fmt.Sprintf("configured %s %v", text, err))
	return types.OnPluginStartStatusOK
}

func (*plugin) NewHttpContext(uint32) types.HttpContext { return &filter{} }

type filter struct{ types.DefaultHttpContext }

func (*filter) answered(headers, body, trailers int) {
	proxywasm.LogInfo(fmt.Sprintf("answered %v %v %d", headers > 0, body > 0, trailers))
	_ = proxywasm.ReplaceHttpRequestHeader("x-asked", "yes")
	_ = proxywasm.ResumeHttpRequest()
}

func (f *filter) OnHttpRequestHeaders(count int, end bool) types.Action {
	path, _ := proxywasm.GetHttpRequestHeader(":path")
	all, _ := proxywasm.GetHttpRequestHeaders()
	proxywasm.LogInfo(fmt.Sprintf("request %s %d %v %d", path, count, end, len(all)))
	_ = proxywasm.AddHttpRequestHeader("x-sdk", "go")
	headers := [][2]string{{":method", "GET"}, {":path", "/"}, {":authority", "a"}}
	switch path {
	case "/local":
		_ = proxywasm.SendHttpResponse(418, [][2]string{{"x-why", "tea"}}, []byte("short and stout"), -1)
		return types.ActionPause
	case "/ask":
		_, err := proxywasm.DispatchHttpCall("upstream", headers, nil, nil, 5000, f.answered)
		proxywasm.LogInfo(fmt.Sprintf("asked %v", err))
		return types.ActionPause
	case "/nowhere":
		_, err := proxywasm.DispatchHttpCall("nowhere", headers, nil, nil, 5000, f.answered)
		proxywasm.LogInfo(fmt.Sprintf("asked %v", err))
	case "/trap":
		panic("as asked")
	default:
		value, cas, err := proxywasm.GetSharedData("count")
		next := byte(1)
		if err == nil && len(value) > 0 {
			next = value[0] + 1
		}
		proxywasm.LogInfo(fmt.Sprintf("count %d %v %v", next, err, proxywasm.SetSharedData("count", []byte{next}, cas)))
	}
	return types.ActionContinue
}

func (*filter) OnHttpRequestBody(size int, end bool) types.Action {
	proxywasm.LogInfo(fmt.Sprintf("body %d %v", size, end))
	if !end {
		return types.ActionPause
	}
	if body, err := proxywasm.GetHttpRequestBody(0, size); err == nil {
		_ = proxywasm.ReplaceHttpRequestBody(bytes.ToUpper(body))
	}
	return types.ActionContinue
}

func (*filter) OnHttpResponseHeaders(int, bool) types.Action {
	status, _ := proxywasm.GetHttpResponseHeader(":status")
	path, err := proxywasm.GetProperty([]string{"request", "path"})
	_ = proxywasm.ReplaceHttpResponseHeader("x-response-sdk", "go")
	proxywasm.LogInfo(fmt.Sprintf("response %s %s %v", status, path, err))
	return types.ActionContinue
}

func (*filter) OnHttpStreamDone() { proxywasm.LogInfo("done") }
