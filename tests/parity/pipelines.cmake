# Whole pipelines against diffusers: random repositories are written with what diffusers computes at every stage, and
# `tintype-worker parity` names the first stage that drifts.

set(_pipeline_cases "${CMAKE_CURRENT_BINARY_DIR}/pipelines")
add_test(NAME parity_pipelines_record
    COMMAND "${TINTYPE_PYTHON}" "${CMAKE_CURRENT_LIST_DIR}/pipelines/record.py" "${_pipeline_cases}" --cases 12)
set_tests_properties(parity_pipelines_record PROPERTIES LABELS parity TIMEOUT 900 FIXTURES_SETUP pipeline_cases)
add_test(NAME parity_pipelines COMMAND tintype-worker parity --verbose "${_pipeline_cases}")
set_tests_properties(parity_pipelines PROPERTIES LABELS parity TIMEOUT 600 FIXTURES_REQUIRED pipeline_cases)
