"""FIX messages and operations as data."""

from __future__ import annotations

from venuekit_runtime.fix import (
    FixField,
    FixGroup,
    FixMessage,
    FixOperation,
    FixSession,
)
from venuekit_runtime.operation import (
    DedupKey,
)

ORDER_ENTRY_SESSION: FixSession = FixSession(
    "fix://fix.meridian.example:9881",
    "FIX.4.4",
    (
        FixField(8, "BeginString", "constant", datatype="String", constant="FIX.4.4"),
        FixField(9, "BodyLength", "required", datatype="Length"),
        FixField(35, "MsgType", "required", datatype="String"),
        FixField(49, "SenderCompID", "required", datatype="String"),
        FixField(56, "TargetCompID", "required", datatype="String"),
        FixField(34, "MsgSeqNum", "required", datatype="SeqNum"),
        FixField(43, "PossDupFlag", datatype="Boolean"),
        FixField(97, "PossResend", datatype="Boolean"),
        FixField(52, "SendingTime", "required", datatype="UTCTimestamp"),
        FixField(122, "OrigSendingTime", "conditional", datatype="UTCTimestamp", when="PossDupFlag == Y"),
    ),
    (
        FixField(10, "CheckSum", "required", datatype="String"),
    ),
    {"heartbeat_seconds": {"minimum": 5, "maximum": 60, "default": 30}, "sequence_reset": "on_request", "resend": {"supported": True, "retention_messages": 100000}, "cancel_on_disconnect": {"tag": 5005, "codes": {"off": "0", "session": "1", "account": "2"}, "default": "session"}},
)

NEW_ORDER_SINGLE_MESSAGE: FixMessage = FixMessage(
    "NewOrderSingle",
    "D",
    (
        FixField(11, "ClOrdID", "required", datatype="String", source="client_order_id"),
        FixField(55, "Symbol", "required", datatype="String", source="symbol"),
        FixField(54, "Side", "required", datatype="char", source="side", codes=(("1", "buy"), ("2", "sell"))),
        FixField(60, "TransactTime", "required", datatype="UTCTimestamp"),
        FixField(38, "OrderQty", "required", datatype="Qty", source="quantity"),
        FixField(40, "OrdType", "required", datatype="char", source="order_type", codes=(("1", "market"), ("2", "limit"))),
        FixField(44, "Price", "conditional", datatype="Price", source="price", when="order_type == limit"),
        FixField(59, "TimeInForce", datatype="char", source="time_in_force", codes=(("1", "good_till_cancel"), ("3", "immediate_or_cancel"), ("4", "fill_or_kill"))),
        FixField(18, "ExecInst", datatype="MultipleValueString", source="post_only", codes=(("6", "true"),)),
    ),
)

ORDER_CANCEL_REPLACE_REQUEST_MESSAGE: FixMessage = FixMessage(
    "OrderCancelReplaceRequest",
    "G",
    (
        FixField(37, "OrderID", "required", datatype="String", source="order_id"),
        FixField(41, "OrigClOrdID", "required", datatype="String"),
        FixField(11, "ClOrdID", "required", datatype="String"),
        FixField(55, "Symbol", "required", datatype="String"),
        FixField(54, "Side", "required", datatype="char", codes=(("1", "buy"), ("2", "sell"))),
        FixField(60, "TransactTime", "required", datatype="UTCTimestamp"),
        FixField(38, "OrderQty", datatype="Qty", source="quantity"),
        FixField(40, "OrdType", "constant", datatype="char", constant="2"),
        FixField(44, "Price", datatype="Price", source="price"),
    ),
)

ORDER_CANCEL_REQUEST_MESSAGE: FixMessage = FixMessage(
    "OrderCancelRequest",
    "F",
    (
        FixField(37, "OrderID", "required", datatype="String", source="order_id"),
        FixField(41, "OrigClOrdID", "required", datatype="String"),
        FixField(11, "ClOrdID", "required", datatype="String"),
        FixField(55, "Symbol", "required", datatype="String"),
        FixField(54, "Side", "required", datatype="char", codes=(("1", "buy"), ("2", "sell"))),
        FixField(60, "TransactTime", "required", datatype="UTCTimestamp"),
    ),
)

EXECUTION_REPORT_MESSAGE: FixMessage = FixMessage(
    "ExecutionReport",
    "8",
    (
        FixField(37, "OrderID", "required", datatype="String", source="order_id"),
        FixField(11, "ClOrdID", "required", datatype="String", source="client_order_id"),
        FixField(17, "ExecID", "required", datatype="String", source="execution_id"),
        FixField(150, "ExecType", "required", datatype="char", source="execution_type", codes=(("0", "new"), ("F", "fill"), ("4", "canceled"), ("5", "replaced"), ("8", "rejected"), ("C", "expired"))),
        FixField(39, "OrdStatus", "required", datatype="char", source="order_status", codes=(("0", "new"), ("1", "partially_filled"), ("2", "filled"), ("4", "canceled"), ("8", "rejected"), ("C", "expired"))),
        FixField(55, "Symbol", "required", datatype="String", source="symbol"),
        FixField(54, "Side", "required", datatype="char", source="side", codes=(("1", "buy"), ("2", "sell"))),
        FixField(38, "OrderQty", "required", datatype="Qty", source="quantity"),
        FixField(44, "Price", datatype="Price", source="price"),
        FixField(32, "LastQty", "conditional", datatype="Qty", source="last_quantity", when="execution_type == fill"),
        FixField(31, "LastPx", "conditional", datatype="Price", source="last_price", when="execution_type == fill"),
        FixField(151, "LeavesQty", "required", datatype="Qty", source="leaves_quantity"),
        FixField(14, "CumQty", "required", datatype="Qty", source="cumulative_quantity"),
        FixField(6, "AvgPx", "required", datatype="Price", source="average_price"),
        FixField(851, "LastLiquidityInd", "conditional", datatype="int", source="liquidity", when="execution_type == fill", codes=(("1", "maker"), ("2", "taker"))),
        FixField(1003, "TradeID", "conditional", datatype="String", source="trade_id", when="execution_type == fill"),
        FixField(60, "TransactTime", "required", datatype="UTCTimestamp", source="timestamp_ms"),
        FixGroup(136, "NoMiscFees", "conditional", (
                FixField(137, "MiscFeeAmt", "required", datatype="Amt", source="fee"),
                FixField(138, "MiscFeeCurr", "required", datatype="Currency", source="fee_currency"),
                FixField(139, "MiscFeeType", "constant", datatype="char", constant="4"),
            ), when="execution_type == fill"),
        FixField(5003, "MeridianSequence", "required", datatype="int", source="sequence"),
        FixField(5004, "MeridianErrorCode", "conditional", datatype="String", when="execution_type == rejected"),
        FixField(58, "Text", datatype="String"),
    ),
)

ORDER_CANCEL_REJECT_MESSAGE: FixMessage = FixMessage(
    "OrderCancelReject",
    "9",
    (
        FixField(37, "OrderID", "required", datatype="String", source="order_id"),
        FixField(11, "ClOrdID", "required", datatype="String", source="request_id"),
        FixField(41, "OrigClOrdID", "required", datatype="String", source="client_order_id"),
        FixField(39, "OrdStatus", "required", datatype="char", source="order_status", codes=(("0", "new"), ("1", "partially_filled"), ("2", "filled"), ("4", "canceled"), ("8", "rejected"), ("C", "expired"))),
        FixField(434, "CxlRejResponseTo", "required", datatype="char", source="response_to", codes=(("1", "cancel"), ("2", "replace"))),
        FixField(102, "CxlRejReason", datatype="int", codes=(("0", "too_late"), ("1", "unknown_order"), ("99", "other"))),
        FixField(5004, "MeridianErrorCode", "required", datatype="String", source="code"),
        FixField(58, "Text", datatype="String", source="message"),
    ),
)

LOGON_MESSAGE: FixMessage = FixMessage(
    "Logon",
    "A",
    (
        FixField(98, "EncryptMethod", "constant", datatype="int", constant="0"),
        FixField(108, "HeartBtInt", "required", datatype="int", source="heartbeat_s"),
        FixField(95, "RawDataLength", "conditional", datatype="Length", when="direction == to_venue"),
        FixField(96, "RawData", "conditional", datatype="data", source="signature", when="direction == to_venue"),
        FixField(141, "ResetSeqNumFlag", datatype="Boolean", source="reset_sequence"),
        FixField(553, "Username", "conditional", datatype="String", source="key", when="direction == to_venue"),
        FixField(5001, "MeridianTimestamp", "conditional", datatype="String", source="timestamp", when="direction == to_venue"),
        FixField(5002, "MeridianNonce", "conditional", datatype="String", source="nonce", when="direction == to_venue"),
        FixField(5005, "CancelOnDisconnect", datatype="char", source="cancel_on_disconnect", codes=(("0", "off"), ("1", "session"), ("2", "account"))),
    ),
)

HEARTBEAT_MESSAGE: FixMessage = FixMessage(
    "Heartbeat",
    "0",
    (
        FixField(112, "TestReqID", datatype="String", source="test_request_id"),
    ),
)

TEST_REQUEST_MESSAGE: FixMessage = FixMessage(
    "TestRequest",
    "1",
    (
        FixField(112, "TestReqID", "required", datatype="String", source="test_request_id"),
    ),
)

RESEND_REQUEST_MESSAGE: FixMessage = FixMessage(
    "ResendRequest",
    "2",
    (
        FixField(7, "BeginSeqNo", "required", datatype="SeqNum", source="begin_sequence"),
        FixField(16, "EndSeqNo", "required", datatype="SeqNum", source="end_sequence"),
    ),
)

REJECT_MESSAGE: FixMessage = FixMessage(
    "Reject",
    "3",
    (
        FixField(45, "RefSeqNum", "required", datatype="SeqNum", source="reference_sequence"),
        FixField(371, "RefTagID", datatype="int", source="reference_tag"),
        FixField(372, "RefMsgType", datatype="String", source="reference_message_type"),
        FixField(373, "SessionRejectReason", datatype="int", source="reason", codes=(("0", "invalid_tag"), ("1", "required_tag_missing"), ("2", "tag_not_defined"), ("3", "undefined_tag"), ("4", "tag_without_value"), ("5", "value_out_of_range"), ("6", "incorrect_data_format"), ("9", "compid_problem"), ("10", "sending_time_accuracy"), ("11", "invalid_message_type"), ("13", "tag_repeated"), ("14", "tag_out_of_order"), ("99", "other"))),
        FixField(58, "Text", datatype="String", source="text"),
    ),
)

SEQUENCE_RESET_MESSAGE: FixMessage = FixMessage(
    "SequenceReset",
    "4",
    (
        FixField(123, "GapFillFlag", datatype="Boolean", source="is_gap_fill"),
        FixField(36, "NewSeqNo", "required", datatype="SeqNum", source="new_sequence"),
    ),
)

LOGOUT_MESSAGE: FixMessage = FixMessage(
    "Logout",
    "5",
    (
        FixField(58, "Text", datatype="String", source="text"),
    ),
)

LOG_ON: FixOperation = FixOperation(
    "logOn",
    "request",
    "read",
    (LOGON_MESSAGE,),
    (LOGON_MESSAGE, LOGOUT_MESSAGE),
)

LOG_OUT: FixOperation = FixOperation(
    "logOut",
    "request",
    "read",
    (LOGOUT_MESSAGE,),
    (LOGOUT_MESSAGE,),
)

TEST_CONNECTION: FixOperation = FixOperation(
    "testConnection",
    "request",
    "read",
    (TEST_REQUEST_MESSAGE,),
    (HEARTBEAT_MESSAGE,),
)

REQUEST_RESEND: FixOperation = FixOperation(
    "requestResend",
    "send",
    "read",
    (RESEND_REQUEST_MESSAGE,),
)

RESET_SEQUENCE: FixOperation = FixOperation(
    "resetSequence",
    "send",
    "read",
    (SEQUENCE_RESET_MESSAGE,),
)

SESSION_EVENTS: FixOperation = FixOperation(
    "sessionEvents",
    "receive",
    "read",
    (HEARTBEAT_MESSAGE, TEST_REQUEST_MESSAGE, RESEND_REQUEST_MESSAGE, REJECT_MESSAGE, SEQUENCE_RESET_MESSAGE, LOGOUT_MESSAGE),
)

PLACE_ORDER: FixOperation = FixOperation(
    "placeOrder",
    "request",
    "create",
    (NEW_ORDER_SINGLE_MESSAGE,),
    (EXECUTION_REPORT_MESSAGE,),
    dedup_key=DedupKey("client_order_id", "client_order_id", True),
)

REPLACE_ORDER: FixOperation = FixOperation(
    "replaceOrder",
    "request",
    "replace",
    (ORDER_CANCEL_REPLACE_REQUEST_MESSAGE,),
    (EXECUTION_REPORT_MESSAGE, ORDER_CANCEL_REJECT_MESSAGE),
)

CANCEL_ORDER: FixOperation = FixOperation(
    "cancelOrder",
    "request",
    "cancel",
    (ORDER_CANCEL_REQUEST_MESSAGE,),
    (EXECUTION_REPORT_MESSAGE, ORDER_CANCEL_REJECT_MESSAGE),
)

EXECUTION_UPDATES: FixOperation = FixOperation(
    "executionUpdates",
    "receive",
    "read",
    (EXECUTION_REPORT_MESSAGE,),
)
