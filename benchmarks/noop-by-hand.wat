;; The floor that the SDK is measured against: the exports that `build` leaves of examples/noop,
;; written by hand, without an SDK.
(module
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 1024))

  ;; A bump allocator; nothing in this module makes the host call it.
  (func (export "malloc") (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $top))
    (global.set $top (i32.add (global.get $top) (local.get $size)))
    (local.get $at))

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "_initialize"))
  (func (export "proxy_on_request_headers") (param $id i32) (param $count i32) (param $end i32) (result i32)
    (i32.const 0)))
