//! Plugin.
use enzyme_ir::{PluginInfo, plugin_info};
/// Entry.
#[unsafe(no_mangle)]
pub extern "C" fn llvmGetPassPluginInfo() -> PluginInfo {
    plugin_info(|m, _| { if let Ok(p) = std::env::var("ENZYME_DUMP") { std::fs::write(p, m.text()).unwrap(); }
      let marker = m.function(enzyme_protocol::MARKER).unwrap();
      for u in marker.0.users() { if u.is_call() {
         let f = u.arguments()[0].as_function().unwrap();
         let p = enzyme_prepare::prepare(f);
         match p { Ok(p) => { std::fs::write("/tmp/t1/prep.ll", p.function.0.to_string()).unwrap(); std::fs::write("/tmp/t1/prep.body", p.mirrored.body.to_string()).unwrap(); } Err(e) => println!("{}", enzyme_diag::render(&e)) }
      }}
      false })
}
