# The LibTorch of the torch wheel as one imported target, made by hand: find_package(Torch) asks for a CUDA toolkit and
# leaks flags. Only the CPU library is linked; the worker opens libtorch_cuda.so at run time when a GPU is asked for.

if(NOT TINTYPE_TORCH_DIR)
    file(GLOB _candidates "${CMAKE_SOURCE_DIR}/.deps/python/lib/python3*/site-packages/torch")
    list(GET _candidates 0 _candidate)
    set(TINTYPE_TORCH_DIR "${_candidate}" CACHE PATH "Folder of the torch Python package (2.11.0)")
endif()
if(NOT EXISTS "${TINTYPE_TORCH_DIR}/lib/libtorch_cpu.so")
    message(FATAL_ERROR
        "LibTorch not found (TINTYPE_TORCH_DIR='${TINTYPE_TORCH_DIR}'). Run packaging/run.sh once, or point it at the folder of torch 2.11.0.")
endif()

add_library(tintype_torch INTERFACE)
target_include_directories(tintype_torch SYSTEM INTERFACE "${TINTYPE_TORCH_DIR}/include")
target_link_libraries(tintype_torch INTERFACE
    "${TINTYPE_TORCH_DIR}/lib/libtorch_cpu.so" "${TINTYPE_TORCH_DIR}/lib/libc10.so" ${CMAKE_DL_LIBS})
# libtorch_cpu.so needs libcudart and libcupti, which lie in sibling wheels and are found through its own rpath.
target_link_options(tintype_torch INTERFACE -Wl,--allow-shlib-undefined)
