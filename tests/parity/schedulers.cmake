# Schedulers against diffusers: a generator runs hundreds of configurations, then every timestep and sample is compared.

add_executable(parity_schedulers "${CMAKE_CURRENT_LIST_DIR}/schedulers.cpp")
target_link_libraries(parity_schedulers PRIVATE
    tintype_engine tintype_torch tintype_flags tintype_sanitizers tintype_warnings)
set_target_properties(parity_schedulers PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")

set(_scheduler_cases "${CMAKE_CURRENT_BINARY_DIR}/schedulers")
add_test(NAME parity_schedulers_record
    COMMAND "${TINTYPE_PYTHON}" "${CMAKE_CURRENT_LIST_DIR}/schedulers.py" "${_scheduler_cases}")
set_tests_properties(parity_schedulers_record PROPERTIES
    LABELS parity TIMEOUT 600 FIXTURES_SETUP scheduler_cases)
add_test(NAME parity_schedulers COMMAND parity_schedulers "${_scheduler_cases}")
set_tests_properties(parity_schedulers PROPERTIES
    LABELS parity TIMEOUT 300 FIXTURES_REQUIRED scheduler_cases)
