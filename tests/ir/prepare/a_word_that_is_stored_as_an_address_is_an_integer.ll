; The bits of a float that are stored as if they were an address, as where a small object
; lies in the place of its address: the store is one of the integer.

define void @f(ptr %x, ptr %y) {
  %v = load double, ptr %x
  %bits = bitcast double %v to i64
  %word = inttoptr i64 %bits to ptr
  store ptr %word, ptr %y
  ret void
}

declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(...)

define void @request(ptr %x, ptr %y) {
  call void (...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f)
  ret void
}
